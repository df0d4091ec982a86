using Dapper;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The contract of the request store on every database.</summary>
public abstract class RequestStoreScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    [Fact]
    public async Task Add_ReadBack_IsWhatWasStored()
    {
        var fuse = Fuse();

        Assert.True(await Store.AddAsync(fuse, "key", "print"));
        var stored = await Store.FindAsync("tenant", fuse.RequestId, default);

        Assert.Equivalent(fuse, stored!.Fuse, strict: true);
        Assert.Equal(5000, stored.TimeoutMs);
        Assert.Equal(fuse.RequestId, (await Store.FindByKeyAsync("tenant", "key", default))!.Id);
    }

    [Fact]
    public async Task Add_LargePayload_IsBesideTheRowUntilTheResult()
    {
        var fuse = FuseWithImage();

        await Store.AddAsync(fuse, null, "print");
        var stored = (await Store.FindAsync("tenant", fuse.RequestId, default))!;
        var read = await Store.FuseOfAsync(stored, default);
        var during = await PayloadsAsync();
        await Store.CompleteAsync(Combined(fuse), "result", Noon);

        Assert.InRange(stored.FuseJson.Length, 1, 2000);
        Assert.Equivalent(fuse, read, strict: true);
        Assert.Equal((1, 0), (during, await PayloadsAsync()));
    }

    [Fact]
    public async Task Add_PayloadUpToTheInlineLimit_StaysInTheRow()
    {
        var fuse = FuseWithImage();

        await new RequestStore(Database, Writer, new BlobOptions { InlineBytes = 5000 }).AddAsync(fuse, null, "print");
        var stored = (await Store.FindAsync("tenant", fuse.RequestId, default))!;

        Assert.Equivalent(fuse, stored.Fuse, strict: true);
        Assert.Equal(0, await PayloadsAsync());
    }

    [Fact]
    public async Task Add_LargePayloadsWithTheSameKey_StoresThoseOfTheFirst()
    {
        await Store.AddAsync(FuseWithImage(), "key", "print");
        await Store.AddAsync(FuseWithImage(), "key", "print");

        Assert.Equal(1, await PayloadsAsync());
    }

    [Fact]
    public async Task Find_OtherTenant_SeesNothing()
    {
        var fuse = Fuse();
        await Store.AddAsync(fuse, "key", "print");

        Assert.Null(await Store.FindAsync("other", fuse.RequestId, default));
        Assert.Null(await Store.FindByKeyAsync("other", "key", default));
    }

    [Fact]
    public async Task Add_KeyTwice_StoresTheFirstOnly()
    {
        var (first, second) = (Fuse(), Fuse());

        Assert.True(await Store.AddAsync(first, "key", "print"));
        Assert.False(await Store.AddAsync(second, "key", "print"));
        Assert.True(await Store.AddAsync(Fuse() with { Tenant = "other" }, "key", "print"));
        Assert.True(await Store.AddAsync(Fuse(), null, "print"));
        Assert.True(await Store.AddAsync(Fuse(), null, "print"));

        Assert.Null(await Store.FindAsync("tenant", second.RequestId, default));
    }

    [Fact]
    public async Task Complete_ManyAtOnce_KeepsOneResult()
    {
        var fuse = Fuse();
        await Store.AddAsync(fuse, null, "print");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Store.CompleteAsync(Combined(fuse), $"result {i}", Noon)));
        var kept = (await Store.FindAsync("tenant", fuse.RequestId, default))!.Result;

        Assert.Equal("result " + Array.IndexOf(outcomes, Completion.Recorded), kept);
        Assert.Single(outcomes, outcome => outcome == Completion.Recorded);
        Assert.Equal(Completion.Duplicate, await Store.CompleteAsync(Combined(Fuse()), "of an unknown request", Noon));
    }

    [Fact]
    public async Task Unanswered_ListsWhatIsDueAndHasNoResult()
    {
        var (done, due, later) = (Fuse(), Fuse(), Fuse() with { Deadline = Noon.AddMinutes(1) });
        foreach (var fuse in new[] { done, due, later })
        {
            await Store.AddAsync(fuse, null, "print");
        }

        await Store.CompleteAsync(Combined(done), "result", Noon);

        Assert.Equal([due.RequestId], (await Store.UnansweredAsync(Noon.AddSeconds(6), default)).Select(row => row.Id));
        var stale = (await Store.FindAsync("tenant", due.RequestId, default))!;
        var answered = (await Store.FindAsync("tenant", done.RequestId, default))!;
        Assert.True(await Store.RescheduleAsync(stale, Noon.AddMinutes(2)));
        Assert.False(await Store.RescheduleAsync(stale, Noon.AddMinutes(2)));
        Assert.False(await Store.RescheduleAsync(answered, Noon.AddMinutes(2)));
        var rest = await Store.UnansweredAsync(DateTimeOffset.MaxValue, default);
        Assert.Equal([later.RequestId, due.RequestId], rest.Select(row => row.Id));
        Assert.Equal((2, Noon.AddMinutes(2)), (rest[1].Sends, rest[1].Fuse.Deadline));
    }

    [Fact]
    public async Task Forget_OldResults_TakesTheirFeedbackToo()
    {
        var (old, fresh) = (Fuse(), Fuse());
        foreach (var (fuse, at) in new[] { (old, Noon), (fresh, Noon.AddDays(1)) })
        {
            await Store.AddAsync(fuse, null, "print");
            await Store.CompleteAsync(Combined(fuse), "result", at);
            await Store.AddFeedbackAsync(fuse.RequestId, "1", at);
        }

        Assert.Equal([("tenant", old.RequestId)], await Store.DeleteAnsweredAsync(Noon.AddHours(1)));
        Assert.Null(await Store.FindAsync("tenant", old.RequestId, default));
        Assert.Equal("2", await Store.AddFeedbackAsync(old.RequestId, "2", Noon));
        Assert.Equal("1", await Store.AddFeedbackAsync(fresh.RequestId, "2", Noon));
    }

    [Fact]
    public async Task Writer_OneOfAGroupFails_TheOthersAreStored()
    {
        var requests = Enumerable.Range(0, 20).Select(_ => Fuse()).ToArray();

        var good = requests.Select(fuse => Store.AddAsync(fuse, null, "print")).ToArray();
        var bad = Writer.RunAsync(transaction => transaction.Connection!.ExecuteAsync("INSERT INTO nowhere VALUES (1)", transaction: transaction));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad);
        Assert.All(await Task.WhenAll(good), Assert.True);
        Assert.Equal(20, (await Store.UnansweredAsync(DateTimeOffset.MaxValue, default)).Count);
    }

    [Fact]
    public async Task Answered_KnowsWhichAreThereAndDone()
    {
        var (done, open, unknown) = (Fuse(), Fuse(), Guid.NewGuid());
        await Store.AddAsync(done, null, "print");
        await Store.AddAsync(open, null, "print");
        await Store.CompleteAsync(Combined(done), "result", Noon);

        var answered = await Store.AnsweredAsync([done.RequestId, open.RequestId, unknown], default);

        Assert.Equal(2, answered.Count);
        Assert.True(answered[done.RequestId]);
        Assert.False(answered[open.RequestId]);
    }

    [Fact]
    public async Task Migrate_ManyAtOnce_AllSucceed() => await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Database.MigrateAsync(default)));

    [Fact]
    public async Task Reschedule_ManyGateways_OneClaimsTheRequest()
    {
        var fuse = Fuse();
        await Store.AddAsync(fuse, null, "print");
        var read = (await Store.FindAsync("tenant", fuse.RequestId, default))!;

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.RescheduleAsync(read, Noon.AddMinutes(2))));

        Assert.Single(claims, claimed => claimed);
        Assert.Equal(2, (await Store.FindAsync("tenant", fuse.RequestId, default))!.Sends);
    }

    private static Fuse FuseWithImage() => Fuse() with
    {
        Parts =
        [
            .. Fuse().Parts,
            new MediaPart { Modality = Modality.Image, MediaType = "image/png", Length = 5000, Sha256 = "01", Inline = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)] },
        ],
    };

    private Task<int> PayloadsAsync() => Database.ReadAsync(connection => connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM payloads"), default);
}
