using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Removes shadow experts, which are asked and recorded but whose opinions are not fused.</summary>
public static class ShadowExperts
{
    /// <summary>The ensemble without its experts in shadow.</summary>
    public static EnsemblePackage RemoveFrom(EnsemblePackage package) =>
        package with { Experts = [.. package.Experts.Where(expert => expert.ShadowShare is null)] };

    /// <summary>
    /// A gate without the experts that the ensemble has in shadow. A gate may have the row of an expert that is to be promoted or was put back into
    /// shadow; without the row, the expert is never selected and does not change the weights of the others.
    /// </summary>
    public static GateState RemoveFrom(EnsemblePackage package, GateState gate) => Names(package)
        .Where(name => gate.Experts.Contains(name, StringComparer.Ordinal))
        .Aggregate(gate, ExpertGrowth.Remove);

    /// <summary>Recorded requests without the experts that the ensemble has in shadow.</summary>
    public static RecordedSet RemoveFrom(EnsemblePackage package, RecordedSet set) => Names(package).Aggregate(set, (kept, name) =>
        kept.Experts.Index().Where(expert => expert.Item.Name == name).Select(expert => expert.Index).ToArray() is [var index] ? kept.Without(index) : kept);

    private static IEnumerable<string> Names(EnsemblePackage package) =>
        package.Experts.Where(expert => expert.ShadowShare is not null).Select(expert => expert.Package.Name);
}
