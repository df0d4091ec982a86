namespace Multimodal.Learning.Scoring;

/// <summary>A figure computed from a sample, with its standard error.</summary>
/// <param name="Value">The figure.</param>
/// <param name="StandardError">Standard deviation of the figure over samples of the same size; NaN for a sample of one.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>The mean of independent values.</summary>
    public static Estimate Mean(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Estimate(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }

    /// <summary>
    /// The quotient R = mean(a) / mean(b) of paired values. The standard error comes from the delta method: to first order, R deviates from
    /// its expectation by mean(a - R b) / mean(b), so the standard error is that of mean(a - R b), divided by |mean(b)|.
    /// </summary>
    public static Estimate Ratio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        if (numerators.Count != denominators.Count)
        {
            throw new ArgumentException(
                $"There must be as many numerators as denominators, but there are {numerators.Count} and {denominators.Count}.");
        }

        var denominator = denominators.Average();
        var ratio = numerators.Average() / denominator;
        var residual = Mean([.. numerators.Zip(denominators, (a, b) => a - ratio * b)]);
        return new Estimate(ratio, residual.StandardError / Math.Abs(denominator));
    }
}
