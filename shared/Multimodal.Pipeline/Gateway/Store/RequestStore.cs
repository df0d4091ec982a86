using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// The gateway's memory: what it accepted, what became of it, what the truth was. A request is accepted when its row is here and
/// answered when its result is; both happen once.
/// </summary>
internal sealed class RequestStore(RequestDatabase database, GroupedWriter writer)
{
    private const string Columns = """
        id AS IdText, tenant AS Tenant, ensemble AS Ensemble, fingerprint AS Fingerprint, fuse AS FuseJson,
        accepted_at AS AcceptedAt, budget AS Budget, deadline AS Deadline, sends AS Sends, result AS Result
        """;

    private readonly ConditionalWeakTable<DbTransaction, Task<HashSet<(string Tenant, string Subscription)>>> _subscribed = [];

    /// <summary>Accepts a request.</summary>
    /// <returns>False when the tenant has used this idempotency key already; nothing is stored then.</returns>
    public async Task<bool> AddAsync(Fuse fuse, string? idempotencyKey, string fingerprint)
    {
        using var span = Traces.Start("multimodal.store", fuse.RequestId);
        var row = new
        {
            Id = Key(fuse.RequestId),
            fuse.Tenant,
            fuse.Ensemble,
            IdempotencyKey = idempotencyKey,
            Fingerprint = fingerprint,
            Fuse = JsonSerializer.Serialize(fuse, JsonFormat.Options),
            AcceptedAt = fuse.AcceptedAt.ToUnixTimeMilliseconds(),
            Budget = (long)(fuse.Deadline - fuse.AcceptedAt).TotalMilliseconds,
            Deadline = fuse.Deadline.ToUnixTimeMilliseconds(),
        };
        return await WriteAsync(
            """
            INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends)
            VALUES (@Id, @Tenant, @Ensemble, @IdempotencyKey, @Fingerprint, @Fuse, @AcceptedAt, @Budget, @Deadline, 1)
            ON CONFLICT DO NOTHING
            """,
            row) == 1;
    }

    /// <summary>Records a result, unless there is one already, and what is to be delivered to a subscription of its name.</summary>
    public async Task<Completion> CompleteAsync(AnswerCombined combined, string result, DateTimeOffset now)
    {
        using var span = Traces.Start("multimodal.store", combined.Answer.Id);
        var status = JsonFormat.Kebab(combined.Answer.Status);
        var row = new
        {
            Id = Key(combined.Answer.Id),
            Result = result,
            Opinions = JsonSerializer.Serialize(combined.Opinions, JsonFormat.Options),

            // What a version is judged by. An answer that another version's combiner fused is nobody's.
            Gate = combined.Answer.Fusion.Version == combined.Answer.Gate.Version ? combined.Answer.Gate.Version : null,
            combined.Answer.Label,
            combined.Answer.Confidence,
            Now = now.ToUnixTimeMilliseconds(),
        };
        return await writer.RunAsync(async transaction =>
        {
            var connection = transaction.Connection!;
            if (await connection.ExecuteAsync(
                """
                UPDATE requests SET result = @Result, opinions = @Opinions, gate = @Gate, label = @Label, confidence = @Confidence, done_at = @Now
                WHERE id = @Id AND done_at IS NULL
                """,
                row,
                transaction) == 0)
            {
                return Completion.Repeat;
            }

            foreach (var shadow in combined.Shadows)
            {
                await AddShadowAsync(transaction, row.Id, shadow, late: 0);
            }

            if (!(await SubscribedAsync(transaction)).Contains((combined.Tenant, combined.Subscription)))
            {
                return Completion.First;
            }

            var wanted = await connection.ExecuteAsync(
                """
                INSERT INTO deliveries (tenant, subscription, request_id, status, recorded_at, state, tries, due_at)
                SELECT tenant, name, @Id, @status, @Now, CASE WHEN kind = 'webhook' THEN 'waiting' END, 0, @Now FROM subscriptions
                WHERE tenant = @Tenant AND name = @Subscription AND (statuses = '' OR statuses LIKE @pattern)
                """,
                new { row.Id, row.Now, combined.Tenant, combined.Subscription, status, pattern = $"%,{status},%" },
                transaction);
            return wanted > 0 ? Completion.FirstAndWanted : Completion.First;
        });
    }

    /// <summary>Stores what an expert in shadow said after the answer, unless the request is forgotten or it has spoken already.</summary>
    public Task AddShadowAsync(ShadowAnswered shadow) =>
        writer.RunAsync(transaction => AddShadowAsync(transaction, Key(shadow.RequestId), shadow.Opinion, late: 1));

    /// <summary>Gives an unanswered request a new deadline and counts the sending. Of several gateways that try, one succeeds.</summary>
    /// <param name="request">The request as it was read.</param>
    /// <param name="deadline">The new deadline.</param>
    /// <returns>False when it was answered or sent again since it was read.</returns>
    public async Task<bool> RescheduleAsync(StoredRequest request, DateTimeOffset deadline) => await WriteAsync(
        "UPDATE requests SET deadline = @Deadline, sends = sends + 1 WHERE id = @Id AND done_at IS NULL AND sends = @Sends",
        new { Id = Key(request.Id), request.Sends, Deadline = deadline.ToUnixTimeMilliseconds() }) == 1;

    /// <summary>A tenant's request.</summary>
    public Task<StoredRequest?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken) =>
        FirstAsync("tenant = @tenant AND id = @id", new { tenant, id = Key(id) }, cancellationToken);

    /// <summary>A tenant's request by its idempotency key.</summary>
    public Task<StoredRequest?> FindByKeyAsync(string tenant, string key, CancellationToken cancellationToken) =>
        FirstAsync("tenant = @tenant AND idempotency_key = @key", new { tenant, key }, cancellationToken);

    /// <summary>Requests without a result whose deadline lies before the given moment, the most urgent first.</summary>
    public async Task<IReadOnlyList<StoredRequest>> UnansweredAsync(DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        await QueryAsync<StoredRequest>(
            $"SELECT {Columns} FROM requests WHERE done_at IS NULL AND deadline < @due ORDER BY deadline",
            new { due = dueBefore.ToUnixTimeMilliseconds() },
            cancellationToken);

    /// <summary>Stores the truth about an answered request.</summary>
    /// <returns>The label on record, which is an earlier one when there was one.</returns>
    public Task<string> AddFeedbackAsync(Guid id, string label, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var row = new { Id = Key(id), Label = label, Now = now.ToUnixTimeMilliseconds() };
        await transaction.Connection!.ExecuteAsync(
            "INSERT INTO feedback (request_id, label, received_at) VALUES (@Id, @Label, @Now) ON CONFLICT DO NOTHING", row, transaction);
        return await transaction.Connection!.QuerySingleAsync<string>("SELECT label FROM feedback WHERE request_id = @Id", row, transaction);
    }, locks: Key(id));

    /// <summary>Forgets requests answered before the given moment, with their feedback.</summary>
    /// <returns>What was forgotten, so that payloads can go too.</returns>
    public Task<IReadOnlyList<(string Tenant, Guid Id)>> ForgetAsync(DateTimeOffset answeredBefore) => writer.RunAsync(async transaction =>
    {
        var due = new { due = answeredBefore.ToUnixTimeMilliseconds() };
        await transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM feedback WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due);
            DELETE FROM shadows WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due);
            DELETE FROM deliveries WHERE request_id IN (SELECT id FROM requests WHERE done_at < @due)
            """,
            due,
            transaction);
        var gone = await transaction.Connection!.QueryAsync<(string Tenant, string Id)>(
            "DELETE FROM requests WHERE done_at < @due RETURNING tenant, id", due, transaction);
        return (IReadOnlyList<(string, Guid)>)[.. gone.Select(row => (row.Tenant, Guid.ParseExact(row.Id, "n")))];
    });

    /// <summary>Which of the ids are known, and whether each is answered.</summary>
    public async Task<IReadOnlyDictionary<Guid, bool>> AnsweredAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var known = new Dictionary<Guid, bool>();
        foreach (var some in ids.Chunk(500))
        {
            var rows = await QueryAsync<(string Id, long? DoneAt)>(
                $"SELECT id, done_at FROM requests WHERE id {database.InList("some")}", new { some = some.Select(Key).ToArray() }, cancellationToken);
            foreach (var (id, doneAt) in rows)
            {
                known[Guid.ParseExact(id, "n")] = doneAt is not null;
            }
        }

        return known;
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
    /// The names that somebody subscribed to, looked up once for all results that share a commit: a subscription that was made before
    /// such a result was queued is seen.
    /// </summary>
    private Task<HashSet<(string Tenant, string Subscription)>> SubscribedAsync(DbTransaction transaction) =>
        _subscribed.GetValue(transaction, static transaction => LoadAsync(transaction));

    private static async Task<HashSet<(string Tenant, string Subscription)>> LoadAsync(DbTransaction transaction) =>
        [.. await transaction.Connection!.QueryAsync<(string, string)>("SELECT tenant, name FROM subscriptions", transaction: transaction)];

    private Task<int> WriteAsync(string sql, object row) =>
        writer.RunAsync(transaction => transaction.Connection!.ExecuteAsync(sql, row, transaction));

    private async Task<StoredRequest?> FirstAsync(string where, object arguments, CancellationToken cancellationToken) =>
        await QueryAsync<StoredRequest>($"SELECT {Columns} FROM requests WHERE {where}", arguments, cancellationToken) is [var row, ..] ? row : null;

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object arguments, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: cancellationToken))];
    }
}
