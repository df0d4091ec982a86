using System.Collections.Frozen;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>An ensemble without its models: what a gateway needs to plan and a combiner to fuse. Immutable.</summary>
/// <param name="Package">What its files say; the defaults name strategies and rules that exist.</param>
/// <param name="Gate">The trained gate, over exactly the package's experts.</param>
/// <param name="Rules">The fusion rules that can be used, by name.</param>
internal sealed record Ensemble(EnsemblePackage Package, IGate Gate, FrozenDictionary<string, IFusionRule> Rules)
{
    /// <summary>The package's experts by name.</summary>
    public FrozenDictionary<string, ExpertPackage> Experts { get; } =
        Package.Experts.ToFrozenDictionary(expert => expert.Package.Name, expert => expert.Package, StringComparer.Ordinal);

    /// <summary>Unique name.</summary>
    public string Name => Package.Name;
}
