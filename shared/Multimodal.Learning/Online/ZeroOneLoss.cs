using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>1 if the favourite label is wrong, else 0. The combination is a random expert, drawn by the weights.</summary>
internal sealed class ZeroOneLoss : IOnlineLoss
{
    public string Name => "zero-one";

    public double? Rate => null;

    public double[]? Prepare(IReadOnlyList<double> opinion) => LabelOpinions.Prepare(opinion);

    public double[] Combine(OnlineOpinions opinions) => LabelOpinions.Combine(opinions);

    // The expected loss is linear in the weights, so both forms are equal.
    public void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets)
    {
        double expected = 0;
        for (var e = 0; e < opinions.Count; e++)
        {
            regrets[e] = opinions.Values[e] is { } logs && Distribution.ArgMax(logs) != (int)truth ? 1 : 0;
            expected += opinions.Weights[e] * regrets[e];
        }

        for (var e = 0; e < opinions.Count; e++)
        {
            regrets[e] = opinions.Values[e] is null ? 0 : expected - regrets[e];
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance) => LabelOpinions.LogOf(opinion, truth);

    public double SquaredError(OnlineOpinions opinions, double truth) => 0;

    // A correct favourite identifies the label; a wrong one only excludes itself.
    public IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth)
    {
        var favourite = Distribution.ArgMax(opinion);
        return favourite == (int)truth
            ? [truth]
            : Enumerable.Range(0, opinion.Length).Where(k => k != favourite).Select(k => (double)k);
    }

    public void Check(double truth, int length) => LabelOpinions.Check(truth, length);
}
