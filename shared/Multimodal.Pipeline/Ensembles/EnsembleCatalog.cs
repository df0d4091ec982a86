using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>
/// The ensembles that this process serves. Empty until they are loaded at start. What was read from it is immutable; a change of the files
/// puts other ensembles in its place.
/// </summary>
internal sealed class EnsembleCatalog(string defaultName = "")
{
    private volatile FrozenDictionary<string, Ensemble> _byName = FrozenDictionary<string, Ensemble>.Empty;

    /// <summary>The ensemble of a request that names none.</summary>
    public string DefaultName { get; } = defaultName;

    /// <summary>All ensembles.</summary>
    public IReadOnlyCollection<Ensemble> All => _byName.Values;

    /// <summary>The ensemble of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Ensemble this[string name] => _byName[name];

    /// <summary>Finds an ensemble.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Ensemble? ensemble) => _byName.TryGetValue(name, out ensemble);

    /// <summary>Sets the ensembles: before anything is served, and when their files have changed.</summary>
    public void Fill(IEnumerable<Ensemble> ensembles) =>
        _byName = ensembles.ToFrozenDictionary(ensemble => ensemble.Name, StringComparer.Ordinal);
}
