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

    /// <summary>Fuses the opinions; the lengths of the result's buffers give the number of opinions and labels.</summary>
    /// <param name="logProbabilities">[opinions x labels].</param>
    /// <param name="scores">[kinds of score x opinions], finite.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="result">Overwritten.</param>
    void Fuse(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature, in FormResult result);

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
