using System.Data.Common;
using System.Text.Json;
using Dapper;
using Multimodal.Contracts.Commands;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>
/// What was learned from feedback, in the request database: a row per tenant, ensemble and learner. A feedback and what it taught are one
/// commit, so that neither is there without the other, whoever dies when. Opinions are stored without their labels: what was answered under other
/// labels, or the same in another order, teaches nothing.
/// </summary>
internal sealed class TrustStore(RequestDatabase database, GroupedWriter writer)
{
    private const string Row = "tenant = @Tenant AND ensemble = @Ensemble AND learner = @Learner";

    /// <summary>Stores the truth about an answered request and learns from it, the first time.</summary>
    /// <param name="tenant">Whose request it is.</param>
    /// <param name="id">The request.</param>
    /// <param name="ensemble">Its ensemble, which learns from feedback.</param>
    /// <param name="label">One of the ensemble's labels.</param>
    /// <param name="now">The time.</param>
    public Task<Learned> LearnAsync(string tenant, Guid id, Ensemble ensemble, string label, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var before = await LockAsync(transaction, tenant, ensemble, now);
        var feedback = new { Id = id.ToString("n"), Label = label, Now = now.ToUnixTimeMilliseconds() };
        if (await connection.QuerySingleOrDefaultAsync<(string Fuse, string? Opinions)?>(
            "SELECT fuse, opinions FROM requests WHERE id = @Id AND done_at IS NOT NULL", feedback, transaction) is not { } request)
        {
            return new Learned(null, false, before);
        }

        if (await connection.ExecuteAsync(
            "INSERT INTO feedback (request_id, label, received_at) VALUES (@Id, @Label, @Now) ON CONFLICT DO NOTHING", feedback, transaction) == 0)
        {
            return new Learned(
                await connection.QuerySingleAsync<string>("SELECT label FROM feedback WHERE request_id = @Id", feedback, transaction), false, before);
        }

        var planned = JsonSerializer.Deserialize<Fuse>(request.Fuse, JsonFormat.Options)!.Plan.Online;
        if (planned is not null && planned.Labels != ensemble.LabelsFingerprint)
        {
            return new Learned(label, true, before);
        }

        var weights = planned?.Weights ?? new Dictionary<string, double>();
        var opinions = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<double>>>(request.Opinions ?? "{}", JsonFormat.Options)!;
        var state = ExpertTrust.Update(before.State, weights, opinions, ensemble.Package.Labels.Index().First(known => known.Item == label).Index);
        return new Learned(label, true, await WriteAsync(transaction, tenant, ensemble, before with { State = state }, now)) { HasTaught = true };
    }, Locks(tenant, ensemble));

    /// <summary>Puts another state in the place of what was learned.</summary>
    public Task<StoredTrust> ReplaceAsync(string tenant, Ensemble ensemble, TrustState state, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var before = await LockAsync(transaction, tenant, ensemble, now);
        return await WriteAsync(transaction, tenant, ensemble, before with { State = state }, now);
    }, Locks(tenant, ensemble));

    /// <summary>The revisions of all that is stored.</summary>
    public async Task<IReadOnlyList<(string Tenant, string Ensemble, string Learner, long Revision)>> RevisionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var command = new CommandDefinition("SELECT tenant, ensemble, learner, revision FROM online_weights", cancellationToken: cancellationToken);
        return [.. await connection.QueryAsync<(string, string, string, long)>(command)];
    }

    /// <summary>What a tenant's ensemble has learned; the start, with revision 0, when nothing is stored.</summary>
    public async Task<StoredTrust> ReadAsync(string tenant, Ensemble ensemble, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var command = new CommandDefinition(
            $"SELECT revision, state FROM online_weights WHERE {Row}", Key(tenant, ensemble), cancellationToken: cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(long Revision, string State)?>(command);
        return new StoredTrust(row?.Revision ?? 0, Fit(ensemble, row is { } there ? TrustState.FromJson(there.State) : null));
    }

    /// <summary>The state before any feedback.</summary>
    public static TrustState Start(Ensemble ensemble) => Fit(ensemble, null);

    /// <summary>A state for the experts and settings that the ensemble has now.</summary>
    public static TrustState Fit(Ensemble ensemble, TrustState? stored)
    {
        var online = ensemble.Package.Trust!;
        var settings = new OnlineSettings { Rate = online.Rate, Share = online.Share };
        return ExpertTrust.Fit(stored, ensemble.Gate.Experts, online.Learner, online.Loss, settings);
    }

    /// <summary>Names the row that whatever writes here keeps from other gateways.</summary>
    internal static string Locks(string tenant, Ensemble ensemble) => $"{tenant}\n{ensemble.Name}\n{ensemble.Package.Trust!.Learner}";

    /// <summary>
    /// Reads the row and keeps it from others until the commit: a write that changes nothing takes its lock in either database. It is the first
    /// step of whatever writes here, and the writer takes the rows of a commit in the order of <see cref="Locks"/>, so no two gateways wait for
    /// each other in a circle.
    /// </summary>
    private static async Task<StoredTrust> LockAsync(DbTransaction transaction, string tenant, Ensemble ensemble, DateTimeOffset now)
    {
        var row = new
        {
            Tenant = tenant,
            Ensemble = ensemble.Name,
            ensemble.Package.Trust!.Learner,
            State = Start(ensemble).ToJson(),
            Now = now.ToUnixTimeMilliseconds(),
        };
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO online_weights (tenant, ensemble, learner, revision, state, changed_at) VALUES (@Tenant, @Ensemble, @Learner, 0, @State, @Now)
            ON CONFLICT DO NOTHING
            """,
            row,
            transaction);
        var (revision, state) = await transaction.Connection!.QuerySingleAsync<(long, string)>(
            $"UPDATE online_weights SET revision = revision WHERE {Row} RETURNING revision, state", row, transaction);
        return new StoredTrust(revision, Fit(ensemble, TrustState.FromJson(state)));
    }

    /// <summary>Replaces the state of the revision that <paramref name="next"/> carries.</summary>
    /// <exception cref="InvalidOperationException">The row changed in spite of its lock.</exception>
    private static async Task<StoredTrust> WriteAsync(
        DbTransaction transaction, string tenant, Ensemble ensemble, StoredTrust next, DateTimeOffset now)
    {
        var (before, state) = next;
        var row = new
        {
            Tenant = tenant,
            Ensemble = ensemble.Name,
            ensemble.Package.Trust!.Learner,
            State = state.ToJson(),
            Before = before,
            Now = now.ToUnixTimeMilliseconds(),
        };
        return await transaction.Connection!.ExecuteAsync(
            $"UPDATE online_weights SET state = @State, revision = @Before + 1, changed_at = @Now WHERE {Row} AND revision = @Before", row, transaction) == 1
            ? new StoredTrust(before + 1, state)
            : throw new InvalidOperationException($"The online weights of {ensemble.Name} changed while they were locked.");
    }

    private static object Key(string tenant, Ensemble ensemble) => new { Tenant = tenant, Ensemble = ensemble.Name, ensemble.Package.Trust!.Learner };
}
