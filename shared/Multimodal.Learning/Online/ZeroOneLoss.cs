using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>1 when the favourite label is not the true one. The combination is taken to follow one expert drawn by weight.</summary>
internal sealed class ZeroOneLoss : IOnlineLoss
{
    public string Name => "zero-one";

    public double? Rate => null;

    public double[]? Prepare(IReadOnlyList<double> opinion) => LabelOpinions.Prepare(opinion);

    public double[] Combine(OnlineOpinions opinions) => LabelOpinions.Combine(opinions);

    // The expected loss is linear in the weights, so it is its own gradient form.
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

    // Right tells the label; wrong tells only which one it was not.
    public IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth)
    {
        var favourite = Distribution.ArgMax(opinion);
        return favourite == (int)truth
            ? [truth]
            : Enumerable.Range(0, opinion.Length).Where(k => k != favourite).Select(k => (double)k);
    }

    public void Check(double truth, int length) => LabelOpinions.Check(truth, length);
}
