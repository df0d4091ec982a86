using Dapper;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>
/// The results of a subscription in an order that is the same for every reader and every gateway. Rows are recorded without a number,
/// because numbers drawn while gateways commit side by side would become visible out of order, and a reader that has seen 8 would miss 7.
/// Whoever reads first numbers what is there, under the lock of the subscription's row.
/// </summary>
internal sealed class EventLog(RequestDatabase database, GroupedWriter writer)
{
    private const int MostNumbered = 500;

    /// <summary>Numbers all that is recorded so far.</summary>
    /// <returns>The last number; null when the subscription has ended.</returns>
    public async Task<long?> EndAsync(Subscription subscription)
    {
        while (true)
        {
            var (last, count) = await NumberAsync(subscription);
            if (count < MostNumbered)
            {
                return last;
            }
        }
    }

    /// <summary>What comes after a number, in order.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="after">The number; 0 to begin with the oldest that the store has.</param>
    /// <param name="most">The most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RecordedEvent>> ReadAsync(Subscription subscription, long after, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var arguments = new { subscription.Tenant, Subscription = subscription.Name, after, most };
        if (await connection.QueryFirstOrDefaultAsync<int?>(
            "SELECT 1 FROM deliveries WHERE tenant = @Tenant AND subscription = @Subscription AND number IS NULL LIMIT 1", arguments) is not null)
        {
            await NumberAsync(subscription);
        }

        return
        [
            .. await connection.QueryAsync<RecordedEvent>(new CommandDefinition(
                """
                SELECT d.number AS Number, r.result AS Result FROM deliveries AS d JOIN requests AS r ON r.id = d.request_id
                WHERE d.tenant = @Tenant AND d.subscription = @Subscription AND d.number > @after ORDER BY d.number LIMIT @most
                """,
                arguments,
                cancellationToken: cancellationToken)),
        ];
    }

    private Task<(long? Last, int Count)> NumberAsync(Subscription subscription) => writer.RunAsync(async transaction =>
    {
        // Writing the row, even to what it is, locks it: another gateway goes on when this commits, and then sees what was numbered.
        var connection = transaction.Connection!;
        var arguments = new { subscription.Tenant, Subscription = subscription.Name, subscription.CreatedAt, MostNumbered };
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
            UPDATE deliveries SET number = @before + fresh.place
            FROM (
                SELECT request_id AS id, ROW_NUMBER() OVER (ORDER BY recorded_at, request_id) AS place FROM deliveries
                WHERE tenant = @Tenant AND subscription = @Subscription AND number IS NULL
                ORDER BY recorded_at, request_id LIMIT @MostNumbered) AS fresh
            WHERE tenant = @Tenant AND subscription = @Subscription AND request_id = fresh.id
            """,
            new { arguments.Tenant, arguments.Subscription, MostNumbered, before },
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
