using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Stores accepted requests, their results and their feedback. A request is accepted when its row is stored and answered when its result is
/// stored; both happen once.
/// </summary>
internal sealed class RequestStore(RequestDatabase database, GroupedWriter writer, BlobOptions blobs)
{
    private const string Columns = """
        id AS IdText, tenant AS Tenant, ensemble AS Ensemble, fingerprint AS Fingerprint, fuse AS FuseJson,
        budget AS TimeoutMs, deadline AS Deadline, sends AS Sends, result AS Result
        """;

    private readonly ConditionalWeakTable<DbTransaction, Dictionary<(string Tenant, string Name), bool>> _subscribed = [];

    /// <summary>Whether a write is stored before or with all later ones. A server takes rows and other writes separately.</summary>
    public bool IsOrdered => !database.IsServer;

    /// <summary>Stores an accepted request.</summary>
    /// <returns>False if the tenant has already used this idempotency key; then nothing is stored.</returns>
    public async Task<bool> AddAsync(Fuse fuse, string? idempotencyKey, string fingerprint)
    {
        using var span = Traces.Start("multimodal.store", fuse.RequestId);
        var stored = PayloadTable.Detach(fuse, blobs.InlineBytes, out var payloads);
        var row = new RequestRow
        {
            Id = Key(fuse.RequestId),
            Tenant = fuse.Tenant,
            Ensemble = fuse.Ensemble,
            IdempotencyKey = idempotencyKey,
            Fingerprint = fingerprint,
            Fuse = JsonSerializer.Serialize(stored, JsonFormat.Messages),
            AcceptedAt = fuse.AcceptedAt.ToUnixTimeMilliseconds(),
            Budget = (long)(fuse.Deadline - fuse.AcceptedAt).TotalMilliseconds,
            Deadline = fuse.Deadline.ToUnixTimeMilliseconds(),
        };
        await (payloads.Count == 0
            ? writer.RunAsync(row, transaction => InsertAsync(transaction, row, []))
            : writer.RunAsync(transaction => InsertAsync(transaction, row, payloads)));
        return row.IsStored;
    }

    /// <summary>
    /// Stores a request with the answer to an earlier one, whose plan and opinions it shares, and its delivery to the subscription of its name.
    /// </summary>
    /// <returns>Duplicate if the earlier request was deleted or the idempotency key was used; then nothing is stored.</returns>
    public async Task<Completion> AddCachedAsync(CachedRequest request, DateTimeOffset now)
    {
        using var span = Traces.Start("multimodal.store", request.Id);
        var row = new
        {
            Id = Key(request.Id),
            From = Key(request.From),
            request.Tenant,
            request.IdempotencyKey,
            request.Fingerprint,
            request.Result,
            AcceptedAt = request.AcceptedAt.ToUnixTimeMilliseconds(),
            Now = now.ToUnixTimeMilliseconds(),
        };

        // No attempt is counted, because no message is sent. Feedback reads plan and opinions of the row, so they must outlive the earlier request.
        return await writer.RunAsync(async transaction => await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends, done_at, result, opinions, gate, label, confidence)
            SELECT @Id, tenant, ensemble, @IdempotencyKey, @Fingerprint, fuse, @AcceptedAt, 0, @Now, 0, @Now, @Result, opinions, gate, label, confidence
            FROM requests WHERE id = @From AND tenant = @Tenant AND done_at IS NOT NULL
            ON CONFLICT DO NOTHING
            """,
            row,
            transaction) == 0
            ? Completion.Duplicate
            : await DeliverAsync(transaction, new Delivery(row.Id, request.Tenant, request.Subscription, JsonFormat.Kebab(request.Status), row.Now)));
    }

    /// <summary>Records the first result of a request, and its delivery to the subscription of its name.</summary>
    public async Task<Completion> CompleteAsync(AnswerCombined combined, string result, DateTimeOffset now)
    {
        using var span = Traces.Start("multimodal.store", combined.Answer.Id);
        var row = new ResultRow
        {
            Id = Key(combined.Answer.Id),
            Tenant = combined.Tenant,
            Subscription = combined.Subscription,
            Status = JsonFormat.Kebab(combined.Answer.Status),
            Result = result,
            Opinions = JsonSerializer.Serialize(combined.Opinions, JsonFormat.Options),

            // Version statistics count an answer only if the same version planned and fused it.
            Gate = combined.Answer.Fusion.Version == combined.Answer.Gate.Version ? combined.Answer.Gate.Version : null,
            Label = combined.Answer.Label,
            Confidence = combined.Answer.Confidence,
            Now = now.ToUnixTimeMilliseconds(),
        };
        await (combined.Shadows.Count == 0
            ? writer.RunAsync(row, transaction => CompleteAsync(transaction, row, []))
            : writer.RunAsync(transaction => CompleteAsync(transaction, row, combined.Shadows)));
        return row.Outcome;
    }

    /// <summary>
    /// Stores the opinion of a shadow expert that arrived after the answer, unless the request was deleted or the opinion is stored
    /// already.
    /// </summary>
    public Task AddShadowAsync(ShadowAnswered shadow) =>
        writer.RunAsync(transaction => AddShadowAsync(transaction, Key(shadow.RequestId), shadow.Opinion, late: 1));

    /// <summary>Gives an unanswered request a new deadline and counts the send. If several gateways try, one succeeds.</summary>
    /// <param name="request">The request as read from the store.</param>
    /// <param name="deadline">The new deadline.</param>
    /// <returns>False if it was answered or resent since it was read.</returns>
    public async Task<bool> RescheduleAsync(StoredRequest request, DateTimeOffset deadline) => await WriteAsync(
        "UPDATE requests SET deadline = @Deadline, sends = sends + 1 WHERE id = @Id AND done_at IS NULL AND sends = @Sends",
        new { Id = Key(request.Id), request.Sends, Deadline = deadline.ToUnixTimeMilliseconds() }) == 1;

    /// <summary>Finds a tenant's request by id.</summary>
    public Task<StoredRequest?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken) =>
        FirstAsync("tenant = @tenant AND id = @id", new { tenant, id = Key(id) }, cancellationToken);

    /// <summary>Finds a tenant's request by idempotency key.</summary>
    public Task<StoredRequest?> FindByKeyAsync(string tenant, string key, CancellationToken cancellationToken) =>
        FirstAsync("tenant = @tenant AND idempotency_key = @key", new { tenant, key }, cancellationToken);

    /// <summary>Finds requests without a result whose deadline is before the given time, earliest deadline first.</summary>
    public async Task<IReadOnlyList<StoredRequest>> UnansweredAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        await QueryAsync<StoredRequest>(
            $"SELECT {Columns} FROM requests WHERE done_at IS NULL AND deadline < @due ORDER BY deadline",
            new { due = dueBefore.ToUnixTimeMilliseconds() },
            cancellationToken);

    /// <summary>
    /// Finds requests without a result that were last sent after the given time. If that time is in the future, the clock moved back since, and their
    /// deadlines are too late.
    /// </summary>
    public async Task<IReadOnlyList<StoredRequest>> SentAfterAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        await QueryAsync<StoredRequest>(
            $"SELECT {Columns} FROM requests WHERE done_at IS NULL AND deadline - budget > @time ORDER BY deadline",
            new { time = time.ToUnixTimeMilliseconds() },
            cancellationToken);

    /// <summary>Reads the message of an unanswered request, with its payloads.</summary>
    public Task<Fuse> FuseOfAsync(StoredRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => PayloadTable.AttachAsync(connection, request.IdText, request.Fuse), cancellationToken);

    /// <summary>Stores the true label of an answered request.</summary>
    /// <returns>The recorded label: an earlier one if it exists.</returns>
    public Task<string> AddFeedbackAsync(Guid id, string label, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var row = new { Id = Key(id), Label = label, Now = now.ToUnixTimeMilliseconds() };
        await transaction.Connection!.ExecuteAsync(
            "INSERT INTO feedback (request_id, label, received_at) VALUES (@Id, @Label, @Now) ON CONFLICT DO NOTHING", row, transaction);
        return await transaction.Connection!.QuerySingleAsync<string>("SELECT label FROM feedback WHERE request_id = @Id", row, transaction);
    }, locks: Key(id));

    /// <summary>Deletes requests answered before the given time, with their feedback.</summary>
    /// <returns>The deleted requests, so that their payloads can be deleted too.</returns>
    public Task<IReadOnlyList<(string Tenant, Guid Id)>> DeleteAnsweredAsync(DateTimeOffset answeredBefore) => writer.RunAsync(async transaction =>
    {
        var due = new { due = answeredBefore.ToUnixTimeMilliseconds() };
        await transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM feedback WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due);
            DELETE FROM payloads WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due);
            DELETE FROM shadows WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due);
            DELETE FROM deliveries WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due)
            """,
            due,
            transaction);
        var deleted = await transaction.Connection!.QueryAsync<(string Tenant, string Id)>(
            "DELETE FROM requests WHERE done_at < @due RETURNING tenant, id", due, transaction);
        return (IReadOnlyList<(string, Guid)>)[.. deleted.Select(row => (row.Tenant, Guid.ParseExact(row.Id, "n")))];
    });

    /// <summary>Finds which of the ids exist, and whether each has a result.</summary>
    public async Task<IReadOnlyDictionary<Guid, bool>> AnsweredAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var known = new Dictionary<Guid, bool>();
        foreach (var chunk in ids.Chunk(500))
        {
            var rows = await QueryAsync<(string Id, long? DoneAt)>(
                $"SELECT id, done_at FROM requests WHERE id {database.InList("chunk")}", new { chunk = chunk.Select(Key).ToArray() }, cancellationToken);
            foreach (var (id, doneAt) in rows)
            {
                known[Guid.ParseExact(id, "n")] = doneAt is not null;
            }
        }

        return known;
    }

    /// <summary>Finds the results of those of the requests that have one.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Result)>> ResultsAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var results = new List<(Guid, string)>();
        foreach (var chunk in ids.Chunk(500))
        {
            var rows = await QueryAsync<(string Id, string Result)>(
                $"SELECT id, result FROM requests WHERE done_at IS NOT NULL AND id {database.InList("chunk")}", new { chunk = chunk.Select(Key).ToArray() }, cancellationToken);
            results.AddRange(rows.Select(row => (Guid.ParseExact(row.Id, "n"), row.Result)));
        }

        return results;
    }

    private static async Task<bool> InsertAsync(DbTransaction transaction, RequestRow row, IReadOnlyList<MediaPart> payloads)
    {
        row.IsStored = await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends)
            VALUES (@Id, @Tenant, @Ensemble, @IdempotencyKey, @Fingerprint, @Fuse, @AcceptedAt, @Budget, @Deadline, 1)
            ON CONFLICT DO NOTHING
            """,
            row,
            transaction) == 1;
        if (row.IsStored)
        {
            await PayloadTable.InsertAsync(transaction, row.Id, payloads);
        }

        return row.IsStored;
    }

    private async Task<Completion> CompleteAsync(DbTransaction transaction, ResultRow row, IReadOnlyList<ShadowOpinion> shadows)
    {
        // An answered request has no payloads, so a count above 0 means that this result is the first.
        if (await transaction.Connection!.ExecuteAsync(
            """
            UPDATE requests SET result = @Result, opinions = @Opinions, gate = @Gate, label = @Label, confidence = @Confidence, done_at = @Now
            WHERE id = @Id AND done_at IS NULL;
            DELETE FROM payloads WHERE request_id = @Id
            """,
            row,
            transaction) == 0)
        {
            return row.Outcome = Completion.Duplicate;
        }

        foreach (var shadow in shadows)
        {
            await AddShadowAsync(transaction, row.Id, shadow, late: 0);
        }

        return row.Outcome = await DeliverAsync(transaction, new Delivery(row.Id, row.Tenant, row.Subscription, row.Status, row.Now));
    }

    /// <summary>Adds a result to the deliveries of its subscription, if there is one.</summary>
    private async Task<Completion> DeliverAsync(DbTransaction transaction, Delivery delivery)
    {
        if (!await IsSubscribedAsync(transaction, delivery.Tenant, delivery.Subscription))
        {
            return Completion.Recorded;
        }

        var deliveries = await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, state, tries, due_at)
            SELECT tenant, name, @Id, @Status, @Now, CASE WHEN kind = 'webhook' THEN 'waiting' END, 0, @Now FROM subscriptions
            WHERE tenant = @Tenant AND name = @Subscription AND (statuses = '' OR statuses LIKE @Pattern)
            """,
            delivery,
            transaction);
        return deliveries > 0 ? Completion.RecordedForSubscription : Completion.Recorded;
    }

    private static Task<int> AddShadowAsync(DbTransaction transaction, string request, ShadowOpinion opinion, long late) =>
        transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO shadows (request_id, expert, label, opinion, late)
            SELECT id, @Expert, @Label, @json, @late FROM requests WHERE id = @request
            ON CONFLICT DO NOTHING
            """,
            new { request, opinion.Expert, opinion.Label, json = JsonSerializer.Serialize(opinion.LogProbabilities, JsonFormat.Options), late },
            transaction);

    private static string Key(Guid id) => id.ToString("n");

    /// <summary>
    /// Whether a subscription exists. It is looked up once for all results that share a commit: most results of a tenant name the same one. A
    /// subscription created before a result was queued is always found.
    /// </summary>
    private async Task<bool> IsSubscribedAsync(DbTransaction transaction, string tenant, string name)
    {
        var known = _subscribed.GetOrCreateValue(transaction);
        if (!known.TryGetValue((tenant, name), out var exists))
        {
            exists = await transaction.Connection!.QueryFirstOrDefaultAsync<int?>(
                "SELECT 1 FROM subscriptions WHERE tenant = @tenant AND name = @name", new { tenant, name }, transaction) is not null;
            known.Add((tenant, name), exists);
        }

        return exists;
    }

    private Task<int> WriteAsync(string sql, object row) =>
        writer.RunAsync(transaction => transaction.Connection!.ExecuteAsync(sql, row, transaction));

    private async Task<StoredRequest?> FirstAsync(string where, object arguments, CancellationToken cancellationToken) =>
        await QueryAsync<StoredRequest>($"SELECT {Columns} FROM requests WHERE {where}", arguments, cancellationToken) is [var row, ..] ? row : null;

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object arguments, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(sql, arguments, cancellationToken: cancellationToken);
        return [.. await database.ReadAsync(connection => connection.QueryAsync<T>(command), cancellationToken)];
    }

    private sealed record Delivery(string Id, string Tenant, string Subscription, string Status, long Now)
    {
        public string Pattern => $"%,{Status},%";
    }
}
