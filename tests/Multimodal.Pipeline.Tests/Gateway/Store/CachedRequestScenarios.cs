using Dapper;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Storing a request with the answer to an earlier one, on every database.</summary>
public abstract class CachedRequestScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    [Fact]
    public async Task AddCached_AnsweredRequest_IsStoredWithItsPlanAndOpinions()
    {
        var from = await AnsweredAsync();
        var request = Request(from) with { IdempotencyKey = "key" };

        var completion = await Store.AddCachedAsync(request, Noon.AddMinutes(1));
        var stored = await Store.FindAsync("tenant", request.Id, default);

        Assert.Equal(Completion.Recorded, completion);
        Assert.Equal(("result", "print", "digits", true), (stored!.Result, stored.Fingerprint, stored.Ensemble, stored.IsCached));
        Assert.Equal(request.Id, (await Store.FindByKeyAsync("tenant", "key", default))!.Id);
        var (copy, original) = (await ColumnsAsync(request.Id), await ColumnsAsync(from));
        Assert.Equal(original, copy);
        Assert.Contains("-0.1", copy.Opinions, StringComparison.Ordinal);
        Assert.Empty(await Store.UnansweredAsync(Noon.AddDays(1), default));
        Assert.False((await Store.FindAsync("tenant", from, default))!.IsCached);
    }

    [Fact]
    public async Task AddCached_EarlierRequestIsDeleted_OutlivesIt()
    {
        var from = await AnsweredAsync();
        var request = Request(from);
        await Store.AddCachedAsync(request, Noon.AddMinutes(5));

        await Store.DeleteAnsweredAsync(Noon.AddMinutes(1));

        Assert.Null(await Store.FindAsync("tenant", from, default));
        Assert.NotNull(await Store.FindAsync("tenant", request.Id, default));
        Assert.Equal(Completion.Duplicate, await Store.AddCachedAsync(Request(from), Noon));
    }

    [Fact]
    public async Task AddCached_UnansweredOrOfAnotherTenant_StoresNothing()
    {
        var pending = Fuse();
        await Store.AddAsync(pending, null, "print");
        CachedRequest[] requests = [Request(pending.RequestId), Request(await AnsweredAsync()) with { Tenant = "other" }, Request(Guid.NewGuid())];

        foreach (var request in requests)
        {
            Assert.Equal(Completion.Duplicate, await Store.AddCachedAsync(request, Noon));
            Assert.Null(await Store.FindAsync(request.Tenant, request.Id, default));
        }
    }

    [Fact]
    public async Task AddCached_SameKeyAtOnce_StoresOne()
    {
        var from = await AnsweredAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.AddCachedAsync(Request(from) with { IdempotencyKey = "key" }, Noon)));

        Assert.Single(outcomes, outcome => outcome == Completion.Recorded);
        Assert.Equal(19, outcomes.Count(outcome => outcome == Completion.Duplicate));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(",completed,", true)]
    [InlineData(",failed,", false)]
    public async Task AddCached_Subscribed_IsDelivered(string statuses, bool isDelivered)
    {
        await Database.ReadAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO subscriptions (tenant, name, kind, statuses, expires_seconds, created_at, expires_at)
                VALUES ('tenant', 'alarms', 'webhook', @statuses, 60, 0, 0)
                """,
                new { statuses }),
            default);
        var request = Request(await AnsweredAsync()) with { Subscription = "alarms" };

        Assert.Equal(isDelivered ? Completion.RecordedForSubscription : Completion.Recorded, await Store.AddCachedAsync(request, Noon));
        var states = await Database.ReadAsync(
            connection => connection.QueryAsync<string>("SELECT state FROM deliveries WHERE request_id = @id", new { id = request.Id.ToString("n") }), default);

        string[] expected = isDelivered ? ["waiting"] : [];
        Assert.Equal(expected, states);
    }

    private static CachedRequest Request(Guid from) => new(Guid.NewGuid(), from)
    {
        Tenant = "tenant",
        Subscription = "default",
        Fingerprint = "print",
        AcceptedAt = Noon,
        Result = "result",
        Status = AnswerStatus.Completed,
    };

    private async Task<Guid> AnsweredAsync()
    {
        var fuse = Fuse();
        await Store.AddAsync(fuse, null, "print of the first");
        await Store.CompleteAsync(Combined(fuse), "first result", Noon);
        return fuse.RequestId;
    }

    private Task<(string Fuse, string Opinions, string? Gate, string? Label, double? Confidence)> ColumnsAsync(Guid id) => Database.ReadAsync(
        connection => connection.QuerySingleAsync<(string, string, string?, string?, double?)>(
            "SELECT fuse, opinions, gate, label, confidence FROM requests WHERE id = @id", new { id = id.ToString("n") }),
        default);
}
