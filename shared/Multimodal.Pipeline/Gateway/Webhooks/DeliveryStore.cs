using System.Data.Common;
using System.Text.Json;
using Dapper;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Stores the deliveries to webhooks. <see cref="RequestStore"/> inserts their rows in the same transaction as the result, so that a crash
/// cannot separate them.
/// </summary>
internal sealed class DeliveryStore(RequestDatabase database, GroupedWriter writer)
{
    private const string KeyFilter = "tenant = @Tenant AND subscription = @Subscription AND request_id = @RequestIdText";

    /// <summary>Finds due deliveries, most overdue first.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="perSubscription">Maximum number per subscription.</param>
    /// <param name="max">Maximum number in total.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<IReadOnlyList<DueDelivery>> DueAsync(DateTimeOffset now, int perSubscription, int max, CancellationToken cancellationToken) =>
        await QueryAsync<DueDelivery>(
            """
            SELECT d.tenant AS Tenant, d.subscription AS Subscription, d.request_id AS RequestIdText, d.tries AS Tries, d.due_at AS DueAt,
                s.url AS Url, s.secret AS Secret, r.result AS Result
            FROM (
                SELECT tenant, subscription, request_id, tries, due_at, ROW_NUMBER() OVER (PARTITION BY tenant, subscription ORDER BY due_at) AS position
                FROM deliveries WHERE state = 'waiting' AND due_at <= @now) AS d
            JOIN subscriptions AS s ON s.tenant = d.tenant AND s.name = d.subscription
            JOIN requests AS r ON r.id = d.request_id
            WHERE d.position <= @perSubscription ORDER BY d.due_at LIMIT @max
            """,
            new { now = now.ToUnixTimeMilliseconds(), perSubscription, max },
            cancellationToken);

    /// <summary>Counts an attempt and blocks further attempts until the given time. If several gateways claim, one succeeds.</summary>
    public async Task<bool> ClaimAsync(DueDelivery delivery, DateTimeOffset until) => await WriteAsync(
        $"UPDATE deliveries SET tries = tries + 1, due_at = @until WHERE {KeyFilter} AND state = 'waiting' AND tries = @Tries AND due_at = @DueAt",
        Arguments(delivery, until)) == 1;

    /// <summary>Records that the receiver accepted the delivery, which counts as use of the subscription.</summary>
    public Task SucceedAsync(DueDelivery delivery, string outcome, DateTimeOffset now)
    {
        var arguments = new { delivery.Tenant, delivery.Subscription, delivery.RequestIdText, outcome, now = now.ToUnixTimeMilliseconds() };
        return writer.RunAsync(async transaction =>
        {
            // Updates the subscription before the delivery, in the lock order of the numbering. All deliveries share the subscription's
            // row, so it is updated only once half of its expiry time has passed.
            await transaction.Connection!.ExecuteAsync(
                """
                UPDATE subscriptions SET expires_at = @now + expires_seconds * 1000
                WHERE tenant = @Tenant AND name = @Subscription AND expires_at < @now + expires_seconds * 500
                """,
                arguments,
                transaction);
            return await transaction.Connection!.ExecuteAsync(
                $"UPDATE deliveries SET state = 'delivered', outcome = @outcome WHERE {KeyFilter}", arguments, transaction);
        });
    }

    /// <summary>Records a failed attempt.</summary>
    /// <param name="delivery">The delivery as read before the claim.</param>
    /// <param name="outcome">Outcome of the attempt.</param>
    /// <param name="nextAttempt">When to retry; null after the last attempt.</param>
    public Task FailAsync(DueDelivery delivery, string outcome, DateTimeOffset? nextAttempt) => WriteAsync(
        $"UPDATE deliveries SET state = @state, outcome = @outcome, due_at = @dueAt WHERE {KeyFilter} AND state = 'waiting' AND tries = @Tries + 1",
        new
        {
            delivery.Tenant,
            delivery.Subscription,
            delivery.RequestIdText,
            delivery.Tries,
            outcome,
            state = JsonFormat.Kebab(nextAttempt is null ? DeliveryState.Failed : DeliveryState.Waiting),
            dueAt = (nextAttempt ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds(),
        });

    /// <summary>Lists the deliveries of a subscription, oldest request first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<IReadOnlyList<DeliveryView>> ListAsync(
        string tenant, string subscription, DeliveryQuery query, CancellationToken cancellationToken)
    {
        // Two statements, because a condition that may be off does not use an index.
        var state = query.State is { } only ? JsonFormat.Kebab(only) : null;
        var rows = await QueryAsync<Row>(
            $"""
            SELECT request_id AS Id, status AS Status, state AS State, tries AS Tries, outcome AS Outcome, recorded_at AS RecordedAt, due_at AS DueAt
            FROM deliveries
            WHERE tenant = @tenant AND subscription = @subscription AND {(state is null ? "state IS NOT NULL" : "state = @state")} AND request_id > @after
            ORDER BY request_id LIMIT @Limit
            """,
            new { tenant, subscription, state, after = query.After?.ToString("n") ?? "", query.Limit },
            cancellationToken);
        return [.. rows.Select(row => row.View())];
    }

    /// <summary>Retries a failed delivery as if it had just been recorded.</summary>
    /// <returns>False if it does not exist or has not failed.</returns>
    public async Task<bool> RetryAsync(string tenant, string subscription, Guid request, DateTimeOffset now) => await WriteAsync(
        $"UPDATE deliveries SET state = 'waiting', tries = 0, due_at = @now WHERE {KeyFilter} AND state = 'failed'",
        new { Tenant = tenant, Subscription = subscription, RequestIdText = request.ToString("n"), now = now.ToUnixTimeMilliseconds() }) == 1;

    private static object Arguments(DueDelivery delivery, DateTimeOffset until) => new
    {
        delivery.Tenant,
        delivery.Subscription,
        delivery.RequestIdText,
        delivery.Tries,
        delivery.DueAt,
        until = until.ToUnixTimeMilliseconds(),
    };

    private Task<int> WriteAsync(string sql, object arguments) =>
        writer.RunAsync((DbTransaction transaction) => transaction.Connection!.ExecuteAsync(sql, arguments, transaction));

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object arguments, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(sql, arguments, cancellationToken: cancellationToken);
        return [.. await database.ReadAsync(connection => connection.QueryAsync<T>(command), cancellationToken)];
    }

    private sealed class Row
    {
        public required string Id { get; init; }

        public required string Status { get; init; }

        public required string State { get; init; }

        public required long Tries { get; init; }

        public string? Outcome { get; init; }

        public required long RecordedAt { get; init; }

        public required long DueAt { get; init; }

        public DeliveryView View()
        {
            var state = JsonSerializer.Deserialize<DeliveryState>($"\"{State}\"", JsonFormat.Options);
            return new DeliveryView(
                Guid.ParseExact(Id, "n"), Status, state, Tries, Outcome, DateTimeOffset.FromUnixTimeMilliseconds(RecordedAt),
                state == DeliveryState.Waiting ? DateTimeOffset.FromUnixTimeMilliseconds(DueAt) : null);
        }
    }
}
