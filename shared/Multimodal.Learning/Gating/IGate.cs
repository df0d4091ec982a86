namespace Multimodal.Learning.Gating;

/// <summary>
/// Scores the experts for a request from cheap features of its input, before any expert runs. Thread-safe; scoring does not allocate.
/// </summary>
public interface IGate
{
    /// <summary>Version of the trained state.</summary>
    string Version { get; }

    /// <summary>Names of the experts, in the order of the logits.</summary>
    IReadOnlyList<string> Experts { get; }

    /// <summary>Names of the features, in the order of the input. A caller that computes other features must not use the gate.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Computes one logit per expert. The logits are finite for any features; NaN and infinity count as absent.</summary>
    /// <param name="features">One value per feature, unscaled.</param>
    /// <param name="logits">One entry per expert; overwritten.</param>
    void Score(ReadOnlySpan<float> features, Span<double> logits);
}
