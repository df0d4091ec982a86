namespace Multimodal.Contracts.Values;

/// <summary>How the opinions were fused.</summary>
/// <param name="Rule">Name of the fusion rule.</param>
/// <param name="Agreement">Mean pairwise overlap of the opinions, in [0, 1]; 1 for a single opinion.</param>
/// <param name="Entropy">Entropy of the fused answer divided by its maximum, in [0, 1].</param>
/// <param name="Conflict">True when confident experts favour different labels.</param>
public sealed record FusionReport(string Rule, double Agreement, double Entropy, bool Conflict)
{
    /// <summary>
    /// The version whose combiner fused: the gate's, but for a combiner process that did not have that version yet (or no longer). Null when
    /// nothing was fused.
    /// </summary>
    public string? Version { get; init; }
}
