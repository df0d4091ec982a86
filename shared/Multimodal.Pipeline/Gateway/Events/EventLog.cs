using System.Data.Common;
using Dapper;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>
/// The results of a subscription in an order that is the same for every reader and every gateway. Rows are stored without a number. If
/// gateways numbered them while committing in parallel, a reader could see number 8 before number 7 and miss it. The first reader numbers
/// the stored rows, under the lock of the subscription's row.
/// </summary>
internal sealed class EventLog(RequestDatabase database, GroupedWriter writer)
{
    /// <summary>Returns a row if a result of the subscription has no number yet.</summary>
    internal const string Unnumbered = "SELECT 1 FROM deliveries WHERE tenant = @Tenant AND subscription = @Subscription AND number IS NULL LIMIT 1";

    private const int MaxNumbered = 500;
    private const int ChunkSize = 500;

    /// <summary>Numbers all results recorded so far.</summary>
    /// <returns>The last number; null if the subscription has ended.</returns>
    public async Task<long?> EndAsync(Subscription subscription)
    {
        while (true)
        {
            var (last, count) = await NumberAsync(subscription);
            if (count < MaxNumbered)
            {
                return last;
            }
        }
    }

    /// <summary>Reads the results after a number, in order.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="after">The number; 0 starts with the oldest stored result.</param>
    /// <param name="max">Maximum number of results.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<IReadOnlyList<RecordedEvent>> ReadAsync(Subscription subscription, long after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => ReadAsync(connection, subscription, after, max, cancellationToken), cancellationToken);

    /// <summary>Reads how far the results of subscriptions are. Subscriptions that have ended are left out.</summary>
    public async Task<IReadOnlyList<EventPosition>> PositionsAsync(IEnumerable<(string Tenant, string Name)> subscriptions, CancellationToken cancellationToken)
    {
        var positions = new List<EventPosition>();
        foreach (var chunk in subscriptions.Chunk(ChunkSize))
        {
            var arguments = new DynamicParameters();
            foreach (var (i, (tenant, name)) in chunk.Index())
            {
                arguments.Add($"t{i}", tenant);
                arguments.Add($"n{i}", name);
            }

            var command = new CommandDefinition(
                $"""
                SELECT s.tenant AS Tenant, s.name AS Name, s.numbered AS Numbered, CAST(CASE WHEN EXISTS (
                    SELECT 1 FROM deliveries AS d WHERE d.tenant = s.tenant AND d.subscription = s.name AND d.number IS NULL) THEN 1 ELSE 0 END AS BIGINT) AS Unnumbered
                FROM subscriptions AS s WHERE (s.tenant, s.name) IN (VALUES {string.Join(", ", chunk.Select((_, i) => $"(@t{i}, @n{i})"))})
                """,
                arguments,
                cancellationToken: cancellationToken);
            positions.AddRange(await database.ReadAsync(connection => connection.QueryAsync<EventPosition>(command), cancellationToken));
        }

        return positions;
    }

    private async Task<IReadOnlyList<RecordedEvent>> ReadAsync(
        DbConnection connection, Subscription subscription, long after, int max, CancellationToken cancellationToken)
    {
        var arguments = new { subscription.Tenant, Subscription = subscription.Name, after, max };
        if (await connection.QueryFirstOrDefaultAsync<int?>(Unnumbered, arguments) is not null)
        {
            await NumberAsync(subscription);
        }

        return
        [
            .. await connection.QueryAsync<RecordedEvent>(new CommandDefinition(
                """
                SELECT d.number AS Number, r.result AS Result FROM deliveries AS d JOIN requests AS r ON r.id = d.request_id
                WHERE d.tenant = @Tenant AND d.subscription = @Subscription AND d.number > @after ORDER BY d.number LIMIT @max
                """,
                arguments,
                cancellationToken: cancellationToken)),
        ];
    }

    private Task<(long? Last, int Count)> NumberAsync(Subscription subscription) => writer.RunAsync(async transaction =>
    {
        // Updating the row, even to its own value, locks it. Another gateway continues after this commit and then sees the numbers.
        var connection = transaction.Connection!;
        var arguments = new { subscription.Tenant, Subscription = subscription.Name, subscription.CreatedAt, MaxNumbered };
        var before = await connection.QueryFirstOrDefaultAsync<long?>(
            "UPDATE subscriptions SET numbered = numbered WHERE tenant = @Tenant AND name = @Subscription AND created_at = @CreatedAt RETURNING numbered",
            arguments,
            transaction);
        if (before is null)
        {
            return (before, 0);
        }

        var count = await connection.ExecuteAsync(
            """
            UPDATE deliveries SET number = @before + fresh.position
            FROM (
                SELECT request_id AS id, ROW_NUMBER() OVER (ORDER BY recorded_at, request_id) AS position FROM deliveries
                WHERE tenant = @Tenant AND subscription = @Subscription AND number IS NULL
                ORDER BY recorded_at, request_id LIMIT @MaxNumbered) AS fresh
            WHERE tenant = @Tenant AND subscription = @Subscription AND request_id = fresh.id
            """,
            new { arguments.Tenant, arguments.Subscription, MaxNumbered, before },
            transaction);
        if (count > 0)
        {
            await connection.ExecuteAsync(
                "UPDATE subscriptions SET numbered = numbered + @count WHERE tenant = @Tenant AND name = @Subscription",
                new { arguments.Tenant, arguments.Subscription, count },
                transaction);
        }

        return (before + count, count);
    });
}
