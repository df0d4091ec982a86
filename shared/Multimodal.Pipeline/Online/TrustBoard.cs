using System.Collections.Concurrent;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Online;

/// <summary>What this gateway knows of the online weights: what it learned itself at once, what others learned at the next look into the store.</summary>
internal sealed class TrustBoard(TrustStore store, EnsembleCatalog ensembles)
{
    private readonly ConcurrentDictionary<(string Tenant, string Ensemble), Trusted> _known = new();

    /// <summary>The ensembles that learn from feedback.</summary>
    public IEnumerable<Ensemble> Learning => ensembles.All.Where(ensemble => ensemble.Package.Online is not null);

    /// <summary>What an ensemble has learned; null when it does not learn from feedback.</summary>
    public Trusted? Of(string tenant, Ensemble ensemble) => ensemble.Package.Online is not { } online
        ? null
        : _known.GetOrAdd((tenant, ensemble.Name), _ => new Trusted(new StoredTrust(0, TrustStore.Start(ensemble)), online));

    /// <summary>The least that any tenant believes an expert, of those that this gateway has seen; 1 without any.</summary>
    public double LeastTrust(Ensemble ensemble, string expert) =>
        _known.Where(known => known.Key.Ensemble == ensemble.Name).Select(known => known.Value.TrustOf(expert)).DefaultIfEmpty(1).Min();

    /// <summary>Takes what is stored, unless something newer is known.</summary>
    public void Note(string tenant, Ensemble ensemble, StoredTrust stored)
    {
        var fresh = new Trusted(stored, ensemble.Package.Online!);
        _known.AddOrUpdate((tenant, ensemble.Name), fresh, (_, known) => known.Stored.Revision >= stored.Revision ? known : fresh);
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
            if (ensembles.TryGet(name, out var ensemble) && ensemble.Package.Online?.Learner == learner
                && Of(tenant, ensemble)!.Stored.Revision < revision)
            {
                Note(tenant, ensemble, await store.ReadAsync(tenant, ensemble, cancellationToken));
            }
        }
    }
}
