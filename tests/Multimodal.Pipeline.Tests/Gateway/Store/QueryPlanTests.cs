using Dapper;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>No statement reads a whole table, whatever the number of stored rows.</summary>
public sealed class QueryPlanTests() : StoreScenarios(null)
{
    [Fact]
    public async Task Writes_OfARequestsLife_ReadNoWholeTable()
    {
        var statements = await SqliteStatements.TraceWritesAsync(Writer);
        var fuse = Fuse();

        await Store.AddAsync(fuse, "key", "print");
        await Store.CompleteAsync(Combined(fuse), "result", Noon);
        await Store.AddFeedbackAsync(fuse.RequestId, "1", Noon);
        await Store.DeleteAnsweredAsync(Noon.AddDays(1));

        var taken = statements.Take();
        Assert.True(taken.Count >= 8, string.Join('\n', taken));
        Assert.Empty(await SqliteStatements.ScansAsync(Database, taken));
    }

    [Fact]
    public async Task Reads_OfARequestsLife_ReadNoWholeTable()
    {
        var statements = await SqliteStatements.TraceReadsAsync(Database);
        var deliveries = new DeliveryStore(Database, Writer);

        await Store.FindAsync("tenant", Guid.NewGuid(), default);
        await Store.FindByKeyAsync("tenant", "key", default);
        await Store.UnansweredAsync(Noon, default);
        await Store.AnsweredAsync([Guid.NewGuid()], default);
        await Store.ResultsAsync([Guid.NewGuid()], default);
        await deliveries.ListAsync("tenant", "hook", new DeliveryQuery(null, null, 10), default);
        await deliveries.ListAsync("tenant", "hook", new DeliveryQuery(DeliveryState.Failed, null, 10), default);

        var taken = statements.Take();
        Assert.Equal(7, taken.Count);
        Assert.Empty(await SqliteStatements.ScansAsync(Database, taken));
    }

    [Fact]
    public async Task ListOfOneState_DoesNotReadTheOthers()
    {
        var statements = await SqliteStatements.TraceReadsAsync(Database);

        await new DeliveryStore(Database, Writer).ListAsync("tenant", "hook", new DeliveryQuery(DeliveryState.Failed, null, 10), default);

        await using var connection = await Database.OpenAsync(default);
        var plan = await connection.QueryAsync<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN {Assert.Single(statements.Take())}");
        Assert.Equal(
            ["SEARCH deliveries USING INDEX deliveries_state (tenant=? AND subscription=? AND state=? AND request_id>?)"], plan.Select(step => step.Detail));
    }
}
