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
/// Stores trust in the request database: one row per tenant, ensemble and learner. A feedback and its update of the trust state share one
/// commit, so that a crash cannot separate them. Opinions are stored without their labels. A request that was answered under other labels,
/// or the same labels in another order, is therefore not learned from.
/// </summary>
internal sealed class TrustStore(RequestDatabase database, GroupedWriter writer)
{
    private const string KeyFilter = "tenant = @Tenant AND ensemble = @Ensemble AND learner = @Learner";

    /// <summary>Stores the true label of an answered request and learns from it once.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The request.</param>
    /// <param name="ensemble">Its ensemble, which must learn from feedback.</param>
    /// <param name="label">One of the ensemble's labels.</param>
    /// <param name="now">The time.</param>
    public Task<TrustUpdate> LearnAsync(string tenant, Guid id, Ensemble ensemble, string label, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var before = await LockAsync(transaction, tenant, ensemble, now);
        var feedback = new { Id = id.ToString("n"), Label = label, Now = now.ToUnixTimeMilliseconds() };
        if (await connection.QuerySingleOrDefaultAsync<(string Fuse, string? Opinions)?>(
            "SELECT fuse, opinions FROM requests WHERE id = @Id AND done_at IS NOT NULL", feedback, transaction) is not { } request)
        {
            return new TrustUpdate(null, false, before);
        }

        if (await connection.ExecuteAsync(
            "INSERT INTO feedback (request_id, label, received_at) VALUES (@Id, @Label, @Now) ON CONFLICT DO NOTHING", feedback, transaction) == 0)
        {
            return new TrustUpdate(
                await connection.QuerySingleAsync<string>("SELECT label FROM feedback WHERE request_id = @Id", feedback, transaction), false, before);
        }

        var planned = JsonSerializer.Deserialize<Fuse>(request.Fuse, JsonFormat.Messages)!.Plan.Online;
        if (planned is not null && planned.Labels != ensemble.LabelsFingerprint)
        {
            return new TrustUpdate(label, true, before);
        }

        var weights = planned?.Weights ?? new Dictionary<string, double>();
        var opinions = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<double>>>(request.Opinions ?? "{}", JsonFormat.Messages)!;
        var state = ExpertTrust.Update(before.State, weights, opinions, ensemble.Package.Labels.Index().First(known => known.Item == label).Index);
        return new TrustUpdate(label, true, await WriteAsync(transaction, tenant, ensemble, before with { State = state }, now)) { IsLearned = true };
    }, Locks(tenant, ensemble));

    /// <summary>Replaces the trust state.</summary>
    public Task<StoredTrust> ReplaceAsync(string tenant, Ensemble ensemble, TrustState state, DateTimeOffset now) => writer.RunAsync(async transaction =>
    {
        var before = await LockAsync(transaction, tenant, ensemble, now);
        return await WriteAsync(transaction, tenant, ensemble, before with { State = state }, now);
    }, Locks(tenant, ensemble));

    /// <summary>Lists the revisions of all stored states.</summary>
    public async Task<IReadOnlyList<(string Tenant, string Ensemble, string Learner, long Revision)>> RevisionsAsync(CancellationToken cancellationToken)
    {
        var command = new CommandDefinition("SELECT tenant, ensemble, learner, revision FROM online_weights", cancellationToken: cancellationToken);
        return [.. await database.ReadAsync(connection => connection.QueryAsync<(string, string, string, long)>(command), cancellationToken)];
    }

    /// <summary>Reads the trust state of a tenant's ensemble; the initial state with revision 0 if none is stored.</summary>
    public async Task<StoredTrust> ReadAsync(string tenant, Ensemble ensemble, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            $"SELECT revision, state FROM online_weights WHERE {KeyFilter}", Key(tenant, ensemble), cancellationToken: cancellationToken);
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<(long Revision, string State)?>(command), cancellationToken);
        return new StoredTrust(row?.Revision ?? 0, Fit(ensemble, row is { } stored ? TrustState.FromJson(stored.State) : null));
    }

    /// <summary>The initial state, before any feedback.</summary>
    public static TrustState Start(Ensemble ensemble) => Fit(ensemble, null);

    /// <summary>Adapts a state to the current experts and settings of the ensemble.</summary>
    public static TrustState Fit(Ensemble ensemble, TrustState? stored)
    {
        var settings = ensemble.Package.Trust!;
        var learnerSettings = new OnlineSettings { Rate = settings.Rate, Share = settings.Share };
        return ExpertTrust.Adapt(stored, ensemble.Gate.Experts, settings.Learner, settings.Loss, learnerSettings);
    }

    /// <summary>Identifies the row that a write locks against other gateways.</summary>
    internal static string Locks(string tenant, Ensemble ensemble) => $"{tenant}\n{ensemble.Name}\n{ensemble.Package.Trust!.Learner}";

    /// <summary>
    /// Reads the row and locks it until the commit; an update without a change takes the lock in both databases. Every write here starts
    /// with this step, and the writer orders the locks of a commit by <see cref="Locks"/>, so that gateways cannot deadlock.
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
            $"UPDATE online_weights SET revision = revision WHERE {KeyFilter} RETURNING revision, state", row, transaction);
        return new StoredTrust(revision, Fit(ensemble, TrustState.FromJson(state)));
    }

    /// <summary>Replaces the state if the stored revision is that of <paramref name="next"/>.</summary>
    /// <exception cref="InvalidOperationException">The row changed despite its lock.</exception>
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
            $"UPDATE online_weights SET state = @State, revision = @Before + 1, changed_at = @Now WHERE {KeyFilter} AND revision = @Before", row, transaction) == 1
            ? new StoredTrust(before + 1, state)
            : throw new InvalidOperationException($"The trust state of ensemble {ensemble.Name} changed while its row was locked.");
    }

    private static object Key(string tenant, Ensemble ensemble) => new { Tenant = tenant, Ensemble = ensemble.Name, ensemble.Package.Trust!.Learner };
}
