namespace Multimodal.Learning.Online;

/// <summary>(value - truth)^2 for forecasts of one value.</summary>
internal sealed class SquareLoss : IOnlineLoss
{
    public string Name => "square";

    public double? Rate => null;

    public double[]? Prepare(IReadOnlyList<double> opinion) => opinion.Count == 1 && double.IsFinite(opinion[0]) ? [opinion[0]] : null;

    public double[] Combine(OnlineOpinions opinions)
    {
        double sum = 0;
        for (var e = 0; e < opinions.Count; e++)
        {
            sum += opinions.Values[e] is { } value ? opinions.Weights[e] * value[0] : 0;
        }

        return [sum];
    }

    public void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets)
    {
        var combined = Combine(opinions)[0];
        var error = combined - truth;
        for (var e = 0; e < opinions.Count; e++)
        {
            var own = opinions.Values[e] is { } value ? value[0] : combined;
            regrets[e] = gradient ? 2 * error * (combined - own) : error * error - (own - truth) * (own - truth);
        }
    }

    // A normal density around the opinion.
    public double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance) =>
        -0.5 * (Math.Log(2 * Math.PI * variance) + (truth - opinion[0]) * (truth - opinion[0]) / variance);

    public double SquaredError(OnlineOpinions opinions, double truth)
    {
        var error = Combine(opinions)[0] - truth;
        return error * error;
    }

    // A squared error does not show the sign of the error.
    public IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth) =>
        truth == opinion[0] ? [truth] : [truth, 2 * opinion[0] - truth];

    public void Check(double truth, int length)
    {
        if (!double.IsFinite(truth))
        {
            throw new ArgumentOutOfRangeException(nameof(truth), truth, "The truth must be finite.");
        }
    }
}
