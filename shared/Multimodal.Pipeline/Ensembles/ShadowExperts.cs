using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Removes shadow experts, which are asked and recorded but whose opinions are not fused.</summary>
public static class ShadowExperts
{
    /// <summary>The ensemble without its shadow experts.</summary>
    public static EnsemblePackage RemoveFrom(EnsemblePackage package) =>
        package with { Experts = [.. package.Experts.Where(expert => expert.ShadowShare is null)] };

    /// <summary>
    /// A gate without the ensemble's shadow experts. A trained gate can have a row for a shadow expert that will be promoted or was
    /// demoted. Without the row, the expert is never selected and does not change the weights of the others.
    /// </summary>
    public static GateState RemoveFrom(EnsemblePackage package, GateState gate) => Names(package)
        .Where(name => gate.Experts.Contains(name, StringComparer.Ordinal))
        .Aggregate(gate, ExpertGrowth.Remove);

    /// <summary>Recorded requests without the ensemble's shadow experts.</summary>
    public static RecordedSet RemoveFrom(EnsemblePackage package, RecordedSet set) => Names(package).Aggregate(set, (kept, name) =>
        kept.Experts.Index().Where(expert => expert.Item.Name == name).Select(expert => expert.Index).ToArray() is [var index] ? kept.Without(index) : kept);

    private static IEnumerable<string> Names(EnsemblePackage package) =>
        package.Experts.Where(expert => expert.ShadowShare is not null).Select(expert => expert.Package.Name);
}
