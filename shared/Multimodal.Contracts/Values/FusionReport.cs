namespace Multimodal.Contracts.Values;

/// <summary>How the opinions were fused.</summary>
/// <param name="Rule">Name of the fusion rule.</param>
/// <param name="Agreement">Mean pairwise overlap of the opinions, in [0, 1]; 1 for a single opinion.</param>
/// <param name="Entropy">Entropy of the fused answer divided by its maximum, in [0, 1].</param>
/// <param name="Conflict">Whether confident experts favour different labels.</param>
public sealed record FusionReport(string Rule, double Agreement, double Entropy, bool Conflict)
{
    /// <summary>
    /// The version of the learned combiner that fused. Differs from the gate's version if the combiner process has not loaded that version,
    /// for example during a rollout. Null if nothing was fused.
    /// </summary>
    public string? Version { get; init; }
}
