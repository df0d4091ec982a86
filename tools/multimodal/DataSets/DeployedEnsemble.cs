using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Tool.DataSets;

/// <summary>Gate and recorded requests as the service uses them, without the experts in shadow.</summary>
internal static class DeployedEnsemble
{
    /// <summary>Reads the promoted gate and removes the experts in shadow from it and from the recorded requests.</summary>
    public static async Task<(IGate Gate, RecordedSet Set)> ReadAsync(EnsemblePackage package, RecordedSet set, CancellationToken cancellationToken)
    {
        var gate = GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
        return (Gates.Open(ShadowExperts.RemoveFrom(package, gate)), ShadowExperts.RemoveFrom(package, set));
    }
}
