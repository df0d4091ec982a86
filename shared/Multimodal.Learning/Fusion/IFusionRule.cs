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
    FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features);

    /// <summary>
    /// Whether nothing that is still out can change the label, whatever it says and whether or not it comes. The proof for each rule that
    /// knows is in docs/learning-reference.md. A rule that cannot bound an opinion's effect says no.
    /// </summary>
    /// <param name="opinions">At least one.</param>
    /// <param name="outstanding">Who may still speak, none of them among the opinions.</param>
    bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding) => false;

    /// <summary>Estimates what another opinion gains for an answer of this rule.</summary>
    ExpectedGain ExpectedGain => ExpectedGain.Untrained;
}
