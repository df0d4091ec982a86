namespace Multimodal.Learning.Gating;

/// <summary>
/// The gate: one logit per expert from cheap features of the input, before any expert runs.
/// Thread-safe and free of allocation on the hot path. One class per kind, found by its name.
/// </summary>
public interface IGate
{
    /// <summary>Version of the trained state, for the answer's report.</summary>
    string Version { get; }

    /// <summary>Expert names; the order of the logits.</summary>
    IReadOnlyList<string> Experts { get; }

    /// <summary>Feature names; the order of the input. A caller whose features differ must refuse to start.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Writes one logit per expert; finite for every finite input, and for NaN or infinity (which count as absent).</summary>
    /// <param name="features">One value per feature, unscaled.</param>
    /// <param name="logits">One place per expert.</param>
    void Score(ReadOnlySpan<float> features, Span<double> logits);
}
