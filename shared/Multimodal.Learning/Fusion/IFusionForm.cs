namespace Multimodal.Learning.Fusion;

/// <summary>
/// How scores turn opinions into one distribution: the last step of the learned rule, and its derivative. A single opinion keeps
/// the order of its labels. Stateless. One class per form, found by its name.
/// </summary>
internal interface IFusionForm
{
    string Name { get; }

    /// <summary>The scores every opinion starts training from; their number is the number of scores the form needs of each.</summary>
    ReadOnlySpan<double> InitialScores { get; }

    /// <summary>Fuses; all sizes follow from <paramref name="weights"/> and <paramref name="fused"/>.</summary>
    /// <param name="logProbabilities">[opinions x labels].</param>
    /// <param name="scores">[kinds of score x opinions], any finite numbers.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="fused">On return: ln p per label, normalised.</param>
    /// <param name="support">[opinions x labels]; on return: each opinion's part of the fused score of each label.</param>
    /// <param name="weights">On return: one per opinion, not negative, summing to one.</param>
    void Fuse(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature,
        Span<double> fused, Span<double> support, Span<double> weights);

    /// <summary>d(-ln p(label))/d(score) at temperature 1.</summary>
    /// <param name="logProbabilities">As given to <see cref="Fuse"/>.</param>
    /// <param name="scores">As given to <see cref="Fuse"/>.</param>
    /// <param name="fused">As written by <see cref="Fuse"/>.</param>
    /// <param name="label">The true label.</param>
    /// <param name="gradient">As long as the scores.</param>
    void Backward(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, ReadOnlySpan<double> fused, int label, Span<double> gradient);

    /// <summary>An opinion's contribution to the fused label, from its row of support.</summary>
    double Contribution(ReadOnlySpan<double> support, ReadOnlySpan<double> fused, int label);
}
