using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Tool.DataSets;

/// <summary>Leaves out the experts in shadow, so that an ensemble is judged as it is served.</summary>
internal static class Counting
{
    /// <summary>The promoted gate and the recorded rows, over the experts that count.</summary>
    public static async Task<(IGate Gate, RecordedSet Set)> ReadAsync(EnsemblePackage package, RecordedSet set, CancellationToken cancellationToken)
    {
        var gate = GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
        foreach (var name in package.Experts.Where(expert => expert.ShadowShare is not null).Select(expert => expert.Package.Name))
        {
            gate = gate.Experts.Contains(name) ? ExpertGrowth.Remove(gate, name) : gate;
            set = set.Experts.Index().Where(expert => expert.Item.Name == name).Select(expert => expert.Index).ToArray() is [var at] ? set.Without(at) : set;
        }

        return (Gates.Open(gate), set);
    }
}
