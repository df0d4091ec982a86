using System.Collections.Frozen;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>A gate and the rules of the combiner that was trained behind it; neither is calibrated without the other.</summary>
/// <param name="Gate">The gate, over exactly the experts that count.</param>
/// <param name="Rules">The fusion rules that can be used with it, by name.</param>
/// <param name="Share">Share of the requests that it decides, in [0, 1].</param>
internal sealed record GateVersion(IGate Gate, FrozenDictionary<string, IFusionRule> Rules, double Share)
{
    /// <summary>What the gate says its version is; unique in the ensemble.</summary>
    public string Name => Gate.Version;
}
