using Dapper;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The event log on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class EventLogTestsOnPostgres(DatabaseFixture database) : EventLogScenarios(database.NewDatabase())
{
    /// <summary>Webhooks have no numbers, so the statistics promise that a scan soon finds an event without one.</summary>
    [Fact]
    public async Task Unnumbered_ManyWebhooksAndEvents_ReadsNoOtherRow()
    {
        await using var connection = await Database.OpenAsync(default);
        await connection.ExecuteAsync(
            """
            INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, state, tries, due_at, number)
            SELECT 'tenant', CASE WHEN i % 2 = 0 THEN 'hook' ELSE 'live' END, i, 'completed', i, CASE WHEN i % 2 = 0 THEN 'delivered' END, 1, i,
                CASE WHEN i % 2 = 1 THEN i END
            FROM generate_series(1, 20000) AS i;
            ANALYZE deliveries
            """);

        var query = EventLog.Unnumbered.Replace("@Tenant", "'tenant'", StringComparison.Ordinal).Replace("@Subscription", "'live'", StringComparison.Ordinal);
        var plan = string.Join('\n', await connection.QueryAsync<string>("EXPLAIN (ANALYZE) " + query));

        Assert.DoesNotContain("Removed by Filter", plan, StringComparison.Ordinal);
    }
}
