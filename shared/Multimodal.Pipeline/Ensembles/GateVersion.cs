using System.Collections.Frozen;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>A gate and the fusion rules that were trained with it. They are calibrated only together.</summary>
/// <param name="Gate">The gate, for exactly the ensemble's experts that are not shadow experts.</param>
/// <param name="Rules">The fusion rules of this version, by name.</param>
/// <param name="Share">The share of requests that it plans, in [0, 1].</param>
internal sealed record GateVersion(IGate Gate, FrozenDictionary<string, IFusionRule> Rules, double Share)
{
    /// <summary>The gate's version, unique in the ensemble.</summary>
    public string Name => Gate.Version;
}
