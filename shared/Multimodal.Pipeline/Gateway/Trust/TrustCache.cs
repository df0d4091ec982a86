using System.Collections.Concurrent;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>
/// Caches trust per tenant, ensemble and learner. What this gateway learns is cached at once. What other gateways learn is read from the
/// store at the next refresh. A change of <c>online</c> in the ensemble's file applies to the next plan. Each learner has its own
/// revisions.
/// </summary>
internal sealed class TrustCache(TrustStore store, EnsembleCatalog ensembles)
{
    private readonly ConcurrentDictionary<(string Ensemble, string Learner), ConcurrentDictionary<string, CachedTrust>> _snapshots = new();

    /// <summary>The ensembles that learn from feedback.</summary>
    public IEnumerable<Ensemble> Learning => ensembles.All.Where(ensemble => ensemble.Package.Trust is not null);

    /// <summary>The trust of an ensemble; null if it does not learn from feedback.</summary>
    public CachedTrust? Find(string tenant, Ensemble ensemble)
    {
        if (ensemble.Package.Trust is not { } online)
        {
            return null;
        }

        var tenants = Tenants(ensemble.Name, online.Learner);
        var snapshot = tenants.GetOrAdd(tenant, _ => Initial(ensemble));
        return snapshot.Settings == online ? snapshot : tenants.AddOrUpdate(tenant, _ => Initial(ensemble), (_, latest) => WithSettings(latest, ensemble));
    }

    /// <summary>Lowest trust in an expert over the tenants in this cache; 1 if there are none.</summary>
    public double MinTrust(Ensemble ensemble, string expert) => ensemble.Package.Trust is not { } online
        ? 1
        : Tenants(ensemble.Name, online.Learner).Select(tenant => Find(tenant.Key, ensemble)!.TrustOf(expert)).DefaultIfEmpty(1).Min();

    /// <summary>Caches a stored state, unless a newer one of the same learner is cached.</summary>
    public void Update(string tenant, Ensemble ensemble, StoredTrust stored)
    {
        var fresh = new CachedTrust(stored, ensemble.Package.Trust!);
        Tenants(ensemble.Name, fresh.Settings.Learner).AddOrUpdate(
            tenant, fresh, (_, snapshot) => snapshot.Stored.Revision >= stored.Revision ? snapshot : fresh);
    }

    /// <summary>Reads changed states from the store.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (!Learning.Any())
        {
            return;
        }

        foreach (var (tenant, name, learner, revision) in await store.RevisionsAsync(cancellationToken))
        {
            if (ensembles.TryGet(name, out var ensemble) && ensemble.Package.Trust?.Learner == learner
                && Find(tenant, ensemble)!.Stored.Revision < revision)
            {
                Update(tenant, ensemble, await store.ReadAsync(tenant, ensemble, cancellationToken));
            }
        }
    }

    private ConcurrentDictionary<string, CachedTrust> Tenants(string ensemble, string learner) =>
        _snapshots.GetOrAdd((ensemble, learner), _ => new ConcurrentDictionary<string, CachedTrust>(StringComparer.Ordinal));

    private static CachedTrust Initial(Ensemble ensemble) => new(new StoredTrust(0, TrustStore.Start(ensemble)), ensemble.Package.Trust!);

    /// <summary>
    /// Applies the current settings to a snapshot. After a change of the loss, learning starts again with revision 0, so that the next
    /// refresh reads the stored state of the learner.
    /// </summary>
    private static CachedTrust WithSettings(CachedTrust snapshot, Ensemble ensemble) =>
        snapshot.Settings == ensemble.Package.Trust ? snapshot
        : snapshot.Settings.Loss != ensemble.Package.Trust!.Loss ? Initial(ensemble)
        : new CachedTrust(snapshot.Stored with { State = TrustStore.Fit(ensemble, snapshot.Stored.State) }, ensemble.Package.Trust);
}
