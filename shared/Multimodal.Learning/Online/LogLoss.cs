using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>-ln p(label). It is mixable: differences of losses with rate 1 are Bayes' rule, with a total regret of at most ln N.</summary>
internal sealed class LogLoss : IOnlineLoss
{
    public string Name => "log";

    public double? Rate => 1;

    public double[]? Prepare(IReadOnlyList<double> opinion) => LabelOpinions.Prepare(opinion);

    public double[] Combine(OnlineOpinions opinions) => LabelOpinions.Combine(opinions);

    // r_i = ln p_i(y) - ln P(y); the gradient -1/P(y) gives p_i(y)/P(y) - 1.
    public void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets)
    {
        var terms = new double[opinions.Count];
        for (var e = 0; e < terms.Length; e++)
        {
            terms[e] = opinions.Values[e] is { } logs
                ? Math.Log(opinions.Weights[e]) + LabelOpinions.LogOf(logs, truth)
                : double.NegativeInfinity;
        }

        var combined = LogSpace.LogSumExp(terms);
        for (var e = 0; e < terms.Length; e++)
        {
            var regret = opinions.Values[e] is { } logs ? LabelOpinions.LogOf(logs, truth) - combined : 0;
            regrets[e] = gradient ? Math.Exp(regret) - 1 : regret;
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance) => LabelOpinions.LogOf(opinion, truth);

    public double SquaredError(OnlineOpinions opinions, double truth) => 0;

    public IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth) => LabelsWithSameProbability(opinion, truth);

    public void Check(double truth, int length) => LabelOpinions.Check(truth, length);

    /// <summary>The labels with the probability of the truth.</summary>
    internal static IEnumerable<double> LabelsWithSameProbability(double[] opinion, double truth)
    {
        var given = LabelOpinions.LogOf(opinion, truth);
        return Enumerable.Range(0, opinion.Length)
            .Where(k => Math.Abs(LabelOpinions.LogOf(opinion, k) - given) <= 1e-9)
            .Select(k => (double)k);
    }
}
