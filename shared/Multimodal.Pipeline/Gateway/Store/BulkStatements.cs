using Npgsql;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Writes many rows to a server with one statement of each kind. Both go in one message, which the server answers after one commit, so a group costs
/// one round trip and one flush.
/// </summary>
internal static class BulkStatements
{
    private const string Insert = """
        INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends)
        SELECT given.*, 1 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[]) AS given
        ON CONFLICT DO NOTHING
        RETURNING id
        """;

    /// <summary>COALESCE keeps the planner from the index of unanswered requests, which is the wrong one when there are many.</summary>
    private const string Update = """
        WITH given AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::double precision[], $10::bigint[])
                AS given (id, tenant, subscription, status, result, opinions, gate, label, confidence, now)
        ), recorded AS (
            UPDATE requests SET result = given.result, opinions = given.opinions, gate = given.gate, label = given.label, confidence = given.confidence, done_at = given.now
            FROM given
            WHERE requests.id = given.id AND COALESCE(requests.done_at, 0) = 0
            RETURNING requests.id
        ), delivered AS (
            INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, state, tries, due_at)
            SELECT subscriptions.tenant, subscriptions.name, given.id, given.status, given.now, CASE WHEN kind = 'webhook' THEN 'waiting' END, 0, given.now
            FROM recorded
            JOIN given ON given.id = recorded.id
            JOIN subscriptions ON subscriptions.tenant = given.tenant AND subscriptions.name = given.subscription
            WHERE statuses = '' OR statuses LIKE '%,' || given.status || ',%'
            RETURNING request_id
        ), cleared AS (
            DELETE FROM payloads USING recorded WHERE payloads.request_id = recorded.id
        )
        SELECT id, EXISTS (SELECT 1 FROM delivered WHERE request_id = recorded.id) FROM recorded
        """;

    /// <summary>
    /// The plan of a prepared statement is made once, perhaps for an empty table. It must be the one that a large table needs: a look-up of each row in
    /// the primary key.
    /// </summary>
    public const string PlannerSettings = "SET enable_hashjoin = off; SET enable_mergejoin = off";

    /// <summary>Writes rows in one transaction, and sets their outcomes.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<BulkRow> rows)
    {
        // All gateways lock rows in the same order, so that they cannot deadlock.
        var requests = rows.OfType<RequestRow>().OrderBy(row => row.Tenant, StringComparer.Ordinal).ThenBy(row => row.IdempotencyKey ?? row.Id, StringComparer.Ordinal).ToArray();

        // Of two results of one request, the first counts.
        var results = rows.OfType<ResultRow>().GroupBy(row => row.Id, StringComparer.Ordinal).Select(same => same.First()).OrderBy(row => row.Id, StringComparer.Ordinal).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        if (requests.Length > 0)
        {
            batch.BatchCommands.Add(InsertOf(requests));
        }

        if (results.Length > 0)
        {
            batch.BatchCommands.Add(UpdateOf(results));
        }

        await batch.PrepareAsync();
        var stored = new HashSet<string>(StringComparer.Ordinal);
        var recorded = new Dictionary<string, bool>(StringComparer.Ordinal);
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            while (requests.Length > 0 && await reader.ReadAsync())
            {
                stored.Add(reader.GetString(0));
            }

            var hasResults = results.Length > 0 && (requests.Length == 0 || await reader.NextResultAsync());
            while (hasResults && await reader.ReadAsync())
            {
                recorded.Add(reader.GetString(0), reader.GetBoolean(1));
            }
        }

        // Set after the reader has read to the end, which is when the transaction is committed.
        foreach (var request in requests)
        {
            request.IsStored = stored.Remove(request.Id);
        }

        foreach (var result in results)
        {
            result.Outcome = !recorded.TryGetValue(result.Id, out var isDelivered) ? Completion.Duplicate
                : isDelivered ? Completion.RecordedForSubscription
                : Completion.Recorded;
        }
    }

    private static NpgsqlBatchCommand InsertOf(RequestRow[] rows) => new(Insert)
    {
        Parameters =
        {
            Column(rows, row => row.Id), Column(rows, row => row.Tenant), Column(rows, row => row.Ensemble), Column(rows, row => row.IdempotencyKey), Column(rows, row => row.Fingerprint), Column(rows, row => row.Fuse),
            Column(rows, row => row.AcceptedAt), Column(rows, row => row.Budget), Column(rows, row => row.Deadline),
        },
    };

    private static NpgsqlBatchCommand UpdateOf(ResultRow[] rows) => new(Update)
    {
        Parameters =
        {
            Column(rows, row => row.Id), Column(rows, row => row.Tenant), Column(rows, row => row.Subscription), Column(rows, row => row.Status), Column(rows, row => row.Result), Column(rows, row => row.Opinions),
            Column(rows, row => row.Gate), Column(rows, row => row.Label), Column(rows, row => row.Confidence), Column(rows, row => row.Now),
        },
    };

    private static NpgsqlParameter<T[]> Column<TRow, T>(TRow[] rows, Func<TRow, T> value) => new() { TypedValue = Array.ConvertAll(rows, row => value(row)) };
}
