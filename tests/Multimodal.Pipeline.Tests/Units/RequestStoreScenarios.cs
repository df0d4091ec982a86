using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Requests;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Units;

/// <summary>What the request store promises, whichever database it is.</summary>
public abstract class RequestStoreScenarios : IAsyncLifetime, IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ScratchFolder _folder = new();
    private readonly RequestDatabase _database;
    private readonly GroupedWriter _writer;
    private readonly RequestStore _store;

    /// <param name="postgresql">Connection string of an empty database; null for SQLite.</param>
    protected RequestStoreScenarios(string? postgresql)
    {
        var options = new StoreOptions { SurvivePowerLoss = false };
        if (postgresql is not null)
        {
            (options.Kind, options.Postgresql) = (StoreOptions.Postgres, postgresql);
        }

        _database = new RequestDatabase(_folder.At("requests.db"), options, TimeProvider.System, NullLogger<RequestDatabase>.Instance);
        _writer = new GroupedWriter(_database, 100);
        _store = new RequestStore(_database, _writer);
    }

    public Task InitializeAsync() => _database.MigrateAsync(default);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Add_ReadBack_IsWhatWasStored()
    {
        var fuse = Fuse();

        Assert.True(await _store.AddAsync(fuse, "key", "print"));
        var stored = await _store.FindAsync("tenant", fuse.RequestId, default);

        Assert.Equivalent(fuse, stored!.Fuse, strict: true);
        Assert.Equal(5000, stored.Budget);
        Assert.Equal(fuse.RequestId, (await _store.FindByKeyAsync("tenant", "key", default))!.Id);
    }

    [Fact]
    public async Task Find_OtherTenant_SeesNothing()
    {
        var fuse = Fuse();
        await _store.AddAsync(fuse, "key", "print");

        Assert.Null(await _store.FindAsync("other", fuse.RequestId, default));
        Assert.Null(await _store.FindByKeyAsync("other", "key", default));
    }

    [Fact]
    public async Task Add_KeyTwice_StoresTheFirstOnly()
    {
        var (first, second) = (Fuse(), Fuse());

        Assert.True(await _store.AddAsync(first, "key", "print"));
        Assert.False(await _store.AddAsync(second, "key", "print"));
        Assert.True(await _store.AddAsync(Fuse() with { Tenant = "other" }, "key", "print"));
        Assert.True(await _store.AddAsync(Fuse(), null, "print"));
        Assert.True(await _store.AddAsync(Fuse(), null, "print"));

        Assert.Null(await _store.FindAsync("tenant", second.RequestId, default));
    }

    [Fact]
    public async Task Complete_ManyAtOnce_KeepsOneResult()
    {
        var fuse = Fuse();
        await _store.AddAsync(fuse, null, "print");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _store.CompleteAsync(Combined(fuse), $"result {i}", Noon)));
        var kept = (await _store.FindAsync("tenant", fuse.RequestId, default))!.Result;

        Assert.Equal("result " + Array.IndexOf(outcomes, true), kept);
        Assert.Single(outcomes, outcome => outcome);
        Assert.False(await _store.CompleteAsync(Combined(Fuse()), "of nobody", Noon));
    }

    [Fact]
    public async Task Unanswered_ListsWhatIsDueAndHasNoResult()
    {
        var (done, due, later) = (Fuse(), Fuse(), Fuse() with { Deadline = Noon.AddMinutes(1) });
        foreach (var fuse in new[] { done, due, later })
        {
            await _store.AddAsync(fuse, null, "print");
        }

        await _store.CompleteAsync(Combined(done), "result", Noon);

        Assert.Equal([due.RequestId], (await _store.UnansweredAsync(Noon.AddSeconds(6), default)).Select(row => row.Id));
        var stale = (await _store.FindAsync("tenant", due.RequestId, default))!;
        var answered = (await _store.FindAsync("tenant", done.RequestId, default))!;
        Assert.True(await _store.RescheduleAsync(stale, Noon.AddMinutes(2)));
        Assert.False(await _store.RescheduleAsync(stale, Noon.AddMinutes(2)));
        Assert.False(await _store.RescheduleAsync(answered, Noon.AddMinutes(2)));
        var rest = await _store.UnansweredAsync(DateTimeOffset.MaxValue, default);
        Assert.Equal([later.RequestId, due.RequestId], rest.Select(row => row.Id));
        Assert.Equal((2, Noon.AddMinutes(2)), (rest[1].Sends, rest[1].Fuse.Deadline));
    }

    [Fact]
    public async Task Forget_OldResults_TakesTheirFeedbackToo()
    {
        var (old, fresh) = (Fuse(), Fuse());
        foreach (var (fuse, at) in new[] { (old, Noon), (fresh, Noon.AddDays(1)) })
        {
            await _store.AddAsync(fuse, null, "print");
            await _store.CompleteAsync(Combined(fuse), "result", at);
            await _store.AddFeedbackAsync(fuse.RequestId, "1", at);
        }

        Assert.Equal([("tenant", old.RequestId)], await _store.ForgetAsync(Noon.AddHours(1)));
        Assert.Null(await _store.FindAsync("tenant", old.RequestId, default));
        Assert.Equal("2", await _store.AddFeedbackAsync(old.RequestId, "2", Noon));
        Assert.Equal("1", await _store.AddFeedbackAsync(fresh.RequestId, "2", Noon));
    }

    [Fact]
    public async Task Writer_OneOfAGroupFails_TheOthersAreStored()
    {
        var requests = Enumerable.Range(0, 20).Select(_ => Fuse()).ToArray();

        var good = requests.Select(fuse => _store.AddAsync(fuse, null, "print")).ToArray();
        var bad = _writer.RunAsync(transaction => transaction.Connection!.ExecuteAsync("INSERT INTO nowhere VALUES (1)", transaction: transaction));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad);
        Assert.All(await Task.WhenAll(good), Assert.True);
        Assert.Equal(20, (await _store.UnansweredAsync(DateTimeOffset.MaxValue, default)).Count);
    }

    [Fact]
    public async Task Answered_KnowsWhichAreThereAndDone()
    {
        var (done, open, unknown) = (Fuse(), Fuse(), Guid.NewGuid());
        await _store.AddAsync(done, null, "print");
        await _store.AddAsync(open, null, "print");
        await _store.CompleteAsync(Combined(done), "result", Noon);

        var answered = await _store.AnsweredAsync([done.RequestId, open.RequestId, unknown], default);

        Assert.Equal(2, answered.Count);
        Assert.True(answered[done.RequestId]);
        Assert.False(answered[open.RequestId]);
    }

    [Fact]
    public async Task Migrate_ManyAtOnce_AllSucceed() => await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _database.MigrateAsync(default)));

    [Fact]
    public async Task Reschedule_ManyGateways_OneClaimsTheRequest()
    {
        var fuse = Fuse();
        await _store.AddAsync(fuse, null, "print");
        var read = (await _store.FindAsync("tenant", fuse.RequestId, default))!;

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _store.RescheduleAsync(read, Noon.AddMinutes(2))));

        Assert.Single(claims, claimed => claimed);
        Assert.Equal(2, (await _store.FindAsync("tenant", fuse.RequestId, default))!.Sends);
    }

    private static Fuse Fuse() => new()
    {
        RequestId = Guid.NewGuid(),
        Tenant = "tenant",
        Subscription = "default",
        Ensemble = "digits",
        Parts = [new MediaPart { Modality = Modality.Text, MediaType = "text/plain", Length = 2, Sha256 = "00", Inline = [1, 2] }],
        Plan = new ExecutionPlan
        {
            GateVersion = "1",
            Strategy = "top-k",
            K = 1,
            Fusion = "linear",
            Experts = [new PlannedExpert("a", Modality.Text, 1, 0)],
            Skipped = [new SkippedExpert("b", Modality.Image, SkipReason.AbsentModality)],
            Features = [0.1f, -2.5f],
            FeaturesMs = 0.2,
            GateMs = 0.01,
        },
        AcceptedAt = Noon,
        Deadline = Noon.AddSeconds(5),
    };

    private static AnswerCombined Combined(Fuse fuse) => new()
    {
        Tenant = fuse.Tenant,
        Subscription = fuse.Subscription,
        Answer = Pipeline.Combiner.AnswerAssembly.Failed(fuse, 1),
        Opinions = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.1, -2] },
    };
}
