namespace Multimodal.Learning.Fusion;

/// <summary>
/// Fuses the opinions of several experts into one distribution. A single opinion keeps the order of its labels: pools return it unchanged,
/// the learned rule calibrates its confidence. Thread-safe. One class per rule, found by name in <see cref="FusionRules"/>.
/// </summary>
public interface IFusionRule
{
    /// <summary>Stable name, for example <c>linear</c>, <c>log</c> or <c>learned</c>.</summary>
    string Name { get; }

    /// <summary>Fuses at least one opinion. The order of the opinions does not matter.</summary>
    /// <param name="opinions">Opinions over the same labels, one per expert.</param>
    /// <param name="features">The gate's features, unscaled; only the learned rule uses them.</param>
    FusedOpinion Fuse(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features);

    /// <summary>Fuses the opinions without each one in turn, which shows how much the answer depends on it.</summary>
    /// <param name="opinions">At least two.</param>
    /// <param name="features">As for <see cref="Fuse"/>.</param>
    /// <returns>For each opinion, the label of the answer from all others and ln of its probability.</returns>
    IReadOnlyList<(int Label, double LogProbability)> FuseWithoutEach(IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features) =>
        FuseRests(this, opinions, features);

    /// <summary>
    /// Whether no outstanding opinion can change the label of the answer, whether it arrives or not. docs/learning-reference.md has the
    /// proof for each rule that returns true. A rule that cannot bound the effect of an opinion returns false.
    /// </summary>
    /// <param name="opinions">At least one.</param>
    /// <param name="outstanding">Opinions that may still arrive, of other experts.</param>
    bool IsSettled(IReadOnlyList<WeightedOpinion> opinions, IReadOnlyList<OutstandingOpinion> outstanding) => false;

    /// <summary>Estimates what another opinion gains for an answer of this rule.</summary>
    ExpectedGain ExpectedGain => ExpectedGain.Untrained;

    /// <summary>Fuses all opinions but one, for each one.</summary>
    internal static IReadOnlyList<(int Label, double LogProbability)> FuseRests(
        IFusionRule rule, IReadOnlyList<WeightedOpinion> opinions, ReadOnlySpan<float> features)
    {
        var answers = new (int, double)[opinions.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var rest = rule.Fuse([.. opinions.Take(i), .. opinions.Skip(i + 1)], features);
            answers[i] = (rest.Label, rest.LogProbabilities[rest.Label]);
        }

        return answers;
    }
}
