using System.Collections.Concurrent;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>
/// What this gateway knows of the online weights: what it learned itself at once, what others learned at the next look into the store. A change of
/// <c>online</c> in the ensemble's file acts on the next plan; each learner has revisions of its own.
/// </summary>
internal sealed class TrustBoard(TrustStore store, EnsembleCatalog ensembles)
{
    private readonly ConcurrentDictionary<(string Tenant, string Ensemble, string Learner), Trusted> _known = new();

    /// <summary>The ensembles that learn from feedback.</summary>
    public IEnumerable<Ensemble> Learning => ensembles.All.Where(ensemble => ensemble.Package.Trust is not null);

    /// <summary>What an ensemble has learned; null when it does not learn from feedback.</summary>
    public Trusted? Of(string tenant, Ensemble ensemble)
    {
        if (ensemble.Package.Trust is not { } online)
        {
            return null;
        }

        var key = (tenant, ensemble.Name, online.Learner);
        var known = _known.GetOrAdd(key, _ => Unknown(ensemble));
        return known.Online == online ? known : _known.AddOrUpdate(key, _ => Unknown(ensemble), (_, latest) => Under(latest, ensemble));
    }

    /// <summary>The least that any tenant believes an expert, of those that this gateway has seen; 1 without any.</summary>
    public double LeastTrust(Ensemble ensemble, string expert) => _known.Keys
        .Where(key => key.Ensemble == ensemble.Name && key.Learner == ensemble.Package.Trust?.Learner)
        .Select(key => Of(key.Tenant, ensemble)!.TrustOf(expert)).DefaultIfEmpty(1).Min();

    /// <summary>Takes what is stored, unless something newer of the same learner is known.</summary>
    public void Note(string tenant, Ensemble ensemble, StoredTrust stored)
    {
        var fresh = new Trusted(stored, ensemble.Package.Trust!);
        _known.AddOrUpdate(
            (tenant, ensemble.Name, fresh.Online.Learner), fresh, (_, known) => known.Stored.Revision >= stored.Revision ? known : fresh);
    }

    /// <summary>Reads what changed in the store.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (!Learning.Any())
        {
            return;
        }

        foreach (var (tenant, name, learner, revision) in await store.RevisionsAsync(cancellationToken))
        {
            if (ensembles.TryGet(name, out var ensemble) && ensemble.Package.Trust?.Learner == learner
                && Of(tenant, ensemble)!.Stored.Revision < revision)
            {
                Note(tenant, ensemble, await store.ReadAsync(tenant, ensemble, cancellationToken));
            }
        }
    }
    private static Trusted Unknown(Ensemble ensemble) => new(new StoredTrust(0, TrustStore.Start(ensemble)), ensemble.Package.Trust!);

    /// <summary>
    /// The same under the settings in force. Another loss starts anew; revision 0 has the next look read the store, which may know more of that loss.
    /// </summary>
    private static Trusted Under(Trusted known, Ensemble ensemble) =>
        known.Online == ensemble.Package.Trust ? known
        : known.Online.Loss != ensemble.Package.Trust!.Loss ? Unknown(ensemble)
        : new Trusted(known.Stored with { State = TrustStore.Fit(ensemble, known.Stored.State) }, ensemble.Package.Trust);
}
