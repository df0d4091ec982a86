namespace Multimodal.Learning.Fusion;

/// <summary>
/// How scores fuse opinions into one distribution: the last step of the learned rule, with its derivative. A single opinion keeps the order
/// of its labels. Stateless. One class per form, found by name in <see cref="FusionForms"/>.
/// </summary>
internal interface IFusionForm
{
    string Name { get; }

    /// <summary>The initial scores of every opinion in training, one per kind of score.</summary>
    ReadOnlySpan<double> InitialScores { get; }

    /// <summary>Fuses opinions. The buffers of the result give the numbers of opinions and labels.</summary>
    /// <param name="logProbabilities">[opinions x labels].</param>
    /// <param name="scores">[kinds of score x opinions], finite.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="result">Overwritten.</param>
    void Fuse(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature, in FormResult result);

    /// <summary>Computes d(-ln p(label))/d(score) at temperature 1.</summary>
    /// <param name="logProbabilities">The opinions given to <see cref="Fuse"/>.</param>
    /// <param name="scores">The scores given to <see cref="Fuse"/>.</param>
    /// <param name="fused">The distribution that <see cref="Fuse"/> wrote.</param>
    /// <param name="label">Index of the true label.</param>
    /// <param name="gradient">As long as the scores; overwritten.</param>
    void Backward(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, ReadOnlySpan<double> fused, int label, Span<double> gradient);

    /// <summary>The contribution of an opinion to the fused label.</summary>
    /// <param name="support">The opinion's row of support.</param>
    /// <param name="fused">The fused distribution.</param>
    /// <param name="label">Index of the fused label.</param>
    double Contribution(ReadOnlySpan<double> support, ReadOnlySpan<double> fused, int label);
}
