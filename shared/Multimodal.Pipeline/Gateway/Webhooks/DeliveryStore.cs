using System.Data.Common;
using System.Text.Json;
using Dapper;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Which results are still to be posted where. The rows are made with the result, in one transaction (<see cref="RequestStore"/>), so no
/// crash comes between them.
/// </summary>
internal sealed class DeliveryStore(RequestDatabase database, GroupedWriter writer)
{
    private const string IsThis = "tenant = @Tenant AND subscription = @Subscription AND request_id = @RequestIdText";

    /// <summary>What is due, the most overdue first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="perSubscription">The most for one subscription.</param>
    /// <param name="most">The most in all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DueDelivery>> DueAsync(DateTimeOffset now, int perSubscription, int most, CancellationToken cancellationToken) =>
        await QueryAsync<DueDelivery>(
            """
            SELECT d.tenant AS Tenant, d.subscription AS Subscription, d.request_id AS RequestIdText, d.tries AS Tries, d.due_at AS DueAt,
                s.url AS Url, s.secret AS Secret, r.result AS Result
            FROM (
                SELECT tenant, subscription, request_id, tries, due_at, ROW_NUMBER() OVER (PARTITION BY tenant, subscription ORDER BY due_at) AS place
                FROM deliveries WHERE state = 'waiting' AND due_at <= @now) AS d
            JOIN subscriptions AS s ON s.tenant = d.tenant AND s.name = d.subscription
            JOIN requests AS r ON r.id = d.request_id
            WHERE d.place <= @perSubscription ORDER BY d.due_at LIMIT @most
            """,
            new { now = now.ToUnixTimeMilliseconds(), perSubscription, most },
            cancellationToken);

    /// <summary>Counts a try and keeps others from trying until the given moment. Of several gateways that claim, one succeeds.</summary>
    public async Task<bool> ClaimAsync(DueDelivery delivery, DateTimeOffset until) => await WriteAsync(
        $"UPDATE deliveries SET tries = tries + 1, due_at = @until WHERE {IsThis} AND state = 'waiting' AND tries = @Tries AND due_at = @DueAt",
        Arguments(delivery, until)) == 1;

    /// <summary>The receiver has accepted it. That is a use of the subscription.</summary>
    public Task SucceedAsync(DueDelivery delivery, string outcome, DateTimeOffset now)
    {
        var arguments = new { delivery.Tenant, delivery.Subscription, delivery.RequestIdText, outcome, now = now.ToUnixTimeMilliseconds() };
        return writer.RunAsync(async transaction =>
        {
            // The subscription first, as whoever numbers its results does; and not at each delivery, its row is the same for all.
            await transaction.Connection!.ExecuteAsync(
                """
                UPDATE subscriptions SET expires_at = @now + expires_seconds * 1000
                WHERE tenant = @Tenant AND name = @Subscription AND expires_at < @now + expires_seconds * 500
                """,
                arguments,
                transaction);
            return await transaction.Connection!.ExecuteAsync(
                $"UPDATE deliveries SET state = 'delivered', outcome = @outcome WHERE {IsThis}", arguments, transaction);
        });
    }

    /// <summary>The receiver has not accepted it.</summary>
    /// <param name="delivery">The delivery as it was read before the try was claimed.</param>
    /// <param name="outcome">What came of the try.</param>
    /// <param name="again">When to try again; null when it was the last time.</param>
    public Task FailAsync(DueDelivery delivery, string outcome, DateTimeOffset? again) => WriteAsync(
        $"UPDATE deliveries SET state = @state, outcome = @outcome, due_at = @dueAt WHERE {IsThis} AND state = 'waiting' AND tries = @Tries + 1",
        new
        {
            delivery.Tenant,
            delivery.Subscription,
            delivery.RequestIdText,
            delivery.Tries,
            outcome,
            state = JsonFormat.Kebab(again is null ? DeliveryState.Failed : DeliveryState.Waiting),
            dueAt = (again ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds(),
        });

    /// <summary>Deliveries of a subscription, the oldest request first.</summary>
    /// <param name="tenant">Whose subscription it is.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DeliveryView>> ListAsync(
        string tenant, string subscription, DeliveryQuery query, CancellationToken cancellationToken)
    {
        var state = query.State is { } wanted ? JsonFormat.Kebab(wanted) : "";
        var rows = await QueryAsync<Row>(
            """
            SELECT request_id AS Id, status AS Status, state AS State, tries AS Tries, outcome AS Outcome, recorded_at AS RecordedAt, due_at AS DueAt
            FROM deliveries
            WHERE tenant = @tenant AND subscription = @subscription AND state IS NOT NULL AND request_id > @after AND (@state = '' OR state = @state)
            ORDER BY request_id LIMIT @Limit
            """,
            new { tenant, subscription, state, after = query.After?.ToString("n") ?? "", query.Limit },
            cancellationToken);
        return [.. rows.Select(row => row.View())];
    }

    /// <summary>Tries a failed delivery anew, as if it had just been recorded.</summary>
    /// <returns>False when it has not failed, or is not there.</returns>
    public async Task<bool> RetryAsync(string tenant, string subscription, Guid request, DateTimeOffset now) => await WriteAsync(
        $"UPDATE deliveries SET state = 'waiting', tries = 0, due_at = @now WHERE {IsThis} AND state = 'failed'",
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
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: cancellationToken))];
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
