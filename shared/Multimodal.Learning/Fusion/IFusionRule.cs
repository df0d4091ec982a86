using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// Fuses the experts' opinions into one distribution. Thread-safe. One class per rule, found by its name.
/// A single opinion keeps the order of its labels: pools return it as it is, the learned rule calibrates its confidence for the
/// input at hand. No opinion at all is the caller's case.
/// </summary>
public interface IFusionRule
{
    /// <summary>Stable name, for example <c>linear</c>, <c>log</c> or <c>learned</c>.</summary>
    string Name { get; }

    /// <summary>Fuses at least one opinion; the order of the opinions does not matter.</summary>
    /// <param name="opinions">What the experts said, all over the same labels.</param>
    /// <param name="features">The gate's input features, unscaled; rules that do not need them ignore them.</param>
    Fused Fuse(IReadOnlyList<WeighedOpinion> opinions, ReadOnlySpan<float> features);

    /// <summary>
    /// Whether nothing that is still out can change the label, whatever it says and whether or not it comes. The proof for each rule that
    /// knows is in docs/learning-reference.md. A rule that cannot bound an opinion's effect says no.
    /// </summary>
    /// <param name="opinions">At least one.</param>
    /// <param name="outstanding">Who may still speak, none of them among the opinions.</param>
    bool IsSettled(IReadOnlyList<WeighedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding) => false;

    /// <summary>What one more opinion is worth to an answer of this rule.</summary>
    ValueOfAsking Asking => ValueOfAsking.Untrained;
}

/// <summary>An expert that was asked and may still speak.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="Weight">The gate's weight in [0, 1], on the scale of the weights of the opinions at hand.</param>
public sealed record OutstandingOpinion(string Expert, double Weight);

/// <summary>One expert's opinion with the gate's weight for it.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="Weight">The gate's weight in [0, 1]; the rule renormalises over the opinions at hand.</param>
/// <param name="LogProbabilities">Calibrated natural-log probabilities; finite; not modified.</param>
public sealed record WeighedOpinion(string Expert, double Weight, IReadOnlyList<double> LogProbabilities)
{
    /// <summary>How far the expert is believed, in [0, 1]: every rule fuses the opinion discounted by it (<see cref="Discounting"/>).</summary>
    public double Trust { get; init; } = 1;
}

/// <summary>A fused distribution and who made it.</summary>
public sealed record Fused
{
    /// <summary>Natural-log probabilities; exp sums to one.</summary>
    public required double[] LogProbabilities { get; init; }

    /// <summary>Position of the largest probability; the lowest position among equals.</summary>
    public required int Label { get; init; }

    /// <summary>The rule's own weight per opinion, in the order given; non-negative, sum one.</summary>
    public required double[] Weights { get; init; }

    /// <summary>
    /// Each opinion's exact share of the support for <see cref="Label"/>, in the rule's own scale (docs/learning-reference.md).
    /// </summary>
    public required double[] Contributions { get; init; }
}
