namespace Multimodal.Learning.Online;

/// <summary>
/// sum_k (p(k) - [k = label])^2 (Brier 1950), in [0, 2]. It is bounded, so it suits learners that scale by the largest regret.
/// </summary>
internal sealed class BrierLoss : IOnlineLoss
{
    public string Name => "brier";

    public double? Rate => null;

    public double[]? Prepare(IReadOnlyList<double> opinion) => LabelOpinions.Prepare(opinion);

    public double[] Combine(OnlineOpinions opinions) => LabelOpinions.Combine(opinions);

    // With e(k) = P(k) - [k = y], the gradient form is 2 sum_k e(k) (P(k) - p_i(k)).
    public void Regrets(OnlineOpinions opinions, double truth, bool gradient, Span<double> regrets)
    {
        var combined = Combine(opinions);
        for (var e = 0; e < opinions.Count; e++)
        {
            regrets[e] = 0;
            for (var k = 0; k < combined.Length && opinions.Values[e] is { } logs; k++)
            {
                var own = Math.Exp(logs[k]);
                var pooled = Math.Exp(combined[k]);
                double hit = k == (int)truth ? 1 : 0;
                regrets[e] += gradient
                    ? 2 * (pooled - hit) * (pooled - own)
                    : (pooled - hit) * (pooled - hit) - (own - hit) * (own - hit);
            }
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> opinion, double truth, double variance) => LabelOpinions.LogOf(opinion, truth);

    public double SquaredError(OnlineOpinions opinions, double truth) => 0;

    // sum_k p(k)^2 - 2 p(y) + 1 depends on the label only through p(y).
    public IEnumerable<double> TruthsWithSameLoss(double[] opinion, double truth) => LogLoss.LabelsWithSameProbability(opinion, truth);

    public void Check(double truth, int length) => LabelOpinions.Check(truth, length);
}
