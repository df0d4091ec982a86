namespace Multimodal.Learning.Fusion;

/// <summary>Uncertainty of an answer.</summary>
/// <param name="ErrorProbability">1 - c, with c the probability of the first label; in [0, 1].</param>
/// <param name="RunnerUpShare">
/// Share of <paramref name="ErrorProbability"/> on the second label, in [0, 1]; 1 for tiny error probabilities.
/// </param>
internal readonly record struct AnswerUncertainty(double ErrorProbability, double RunnerUpShare)
{
    /// <summary>Smaller error probabilities count as this one: calibration does not resolve them.</summary>
    public const double MinErrorProbability = 1e-6;

    /// <summary>Uncertainty of an answer with ln p per label; without labels, an error is certain.</summary>
    public static AnswerUncertainty Of(ReadOnlySpan<double> logProbabilities)
    {
        double first = 0;
        double second = 0;
        foreach (var log in logProbabilities)
        {
            var p = Math.Min(1, Math.Exp(log));
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
        }

        var error = 1 - first;
        return new AnswerUncertainty(error, error > MinErrorProbability ? Math.Min(1, second / error) : 1);
    }
}
