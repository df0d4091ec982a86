using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking k, with noise while training (Shazeer et al. 2017, equations 3 to 10): H_i = s_i + n_i sigma_i, n_i standard normal and
/// sigma_i = softplus(r_i) + 0.01 learned from the input; the weights are the softmax over the k largest H. Beside the mixture
/// likelihood over those stand the squared variations of importance sum_x G_i(x) and of load sum_x P(x, i), the chance that i
/// is among the k when its own noise is drawn again. Gradients go through the noise and through the threshold. Outputs: s, then
/// r; the trained gate has s alone.
/// </summary>
internal sealed class TopKKind : IGateKind
{
    // Without a floor the chance of being chosen would have no slope once the noise is learned away (as in davidmrau/moe).
    private const double LeastNoise = 0.01;

    public string Name => "top-k";

    public string Strategy => "top-k";

    public bool IsNoisy => true;

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) => new GateNetwork(set.Features.Count, hidden, 2 * set.Experts.Count);

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        var experts = batch.Experts;
        var noisy = new double[batch.Count * experts];
        var slope = new double[batch.Count * experts];
        var chosen = new bool[batch.Count * experts];
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            var h = noisy.AsSpan(n * experts, experts);
            var dh = slope.AsSpan(n * experts, experts);
            var among = chosen.AsSpan(n * experts, experts);
            for (var e = 0; e < experts; e++)
            {
                h[e] = batch.Output(n)[e] + batch.Noise(n)[e] * Deviation(batch, n, e);
            }

            if (batch.HasOpinion(n).Contains(true))
            {
                TopK.Mark(h, batch.HasOpinion(n), KOf(batch, n, options), among);
                loss += MixtureLoss.AddLikelihood(h, batch.LogLikelihood(n), among, dh);
            }
        }

        if (batch.Training)
        {
            loss += AddImportance(batch, noisy, chosen, slope, options.Balance) + AddLoad(batch, noisy, slope, options);
        }

        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                AddNoisy(batch, n, e, slope[n * experts + e]);
            }
        }

        return loss;
    }

    private static int KOf(GateBatch batch, int example, TrainingOptions options) =>
        options.K ?? (batch.HasOpinion(example).Count(true) + 1) / 2;

    private static double Deviation(GateBatch batch, int example, int expert) =>
        Activation.Softplus(batch.Output(example)[batch.Experts + expert]) + LeastNoise;

    // dH/ds = 1, dH/dr = n sigmoid(r).
    private static void AddNoisy(GateBatch batch, int example, int expert, double slope)
    {
        var gradient = batch.Gradient(example);
        gradient[expert] += slope;
        gradient[batch.Experts + expert] += slope * batch.Noise(example)[expert] * Activation.Sigmoid(batch.Output(example)[batch.Experts + expert]);
    }

    private static double AddImportance(GateBatch batch, double[] noisy, bool[] chosen, double[] slope, double weight)
    {
        var experts = batch.Experts;
        var gate = new double[noisy.Length];
        var importance = new double[experts];
        for (var n = 0; n < batch.Count; n++)
        {
            LoadBalance.Softmax(noisy.AsSpan(n * experts, experts), chosen.AsSpan(n * experts, experts), gate.AsSpan(n * experts, experts));
            for (var e = 0; e < experts; e++)
            {
                importance[e] += gate[n * experts + e];
            }
        }

        var variation = LoadBalance.SquaredVariation(importance, LoadBalance.FairShares(batch));
        for (var n = 0; n < batch.Count; n++)
        {
            ReadOnlySpan<double> own = gate.AsSpan(n * experts, experts);
            var mean = System.Numerics.Tensors.TensorPrimitives.Dot(own, importance);
            for (var e = 0; e < experts; e++)
            {
                slope[n * experts + e] += batch.Count * weight * own[e] * (importance[e] - mean);
            }
        }

        return batch.Count * weight * variation;
    }

    private static double AddLoad(GateBatch batch, double[] noisy, double[] slope, TrainingOptions options)
    {
        var experts = batch.Experts;
        var load = new double[experts];
        var threshold = new int[noisy.Length];
        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                var at = n * experts + e;
                threshold[at] = batch.HasOpinion(n)[e]
                    ? ThresholdWithout(noisy.AsSpan(n * experts, experts), batch.HasOpinion(n), e, KOf(batch, n, options))
                    : -1;
                load[e] += !batch.HasOpinion(n)[e] ? 0 : threshold[at] < 0 ? 1 : Normal.Cumulative(Margin(batch, noisy, n, e, threshold[at]));
            }
        }

        var variation = LoadBalance.SquaredVariation(load, LoadBalance.FairShares(batch));
        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                var at = n * experts + e;
                if (threshold[at] < 0)
                {
                    continue;
                }

                var margin = Margin(batch, noisy, n, e, threshold[at]);
                var error = batch.Count * options.Balance * load[e] * Normal.Density(margin) / Deviation(batch, n, e);
                batch.Gradient(n)[e] += error;
                batch.Gradient(n)[experts + e] -= error * margin * Activation.Sigmoid(batch.Output(n)[experts + e]);
                slope[n * experts + threshold[at]] -= error;
            }
        }

        return batch.Count * options.Balance * variation;
    }

    private static double Margin(GateBatch batch, double[] noisy, int example, int expert, int threshold) =>
        (batch.Output(example)[expert] - noisy[example * batch.Experts + threshold]) / Deviation(batch, example, expert);

    /// <summary>Who holds the k-th place when one expert is left out; -1 when there are fewer, so that it is always among the k.</summary>
    private static int ThresholdWithout(ReadOnlySpan<double> values, ReadOnlySpan<bool> given, int expert, int k)
    {
        for (var candidate = 0; candidate < values.Length; candidate++)
        {
            var above = 0;
            for (var other = 0; other < values.Length; other++)
            {
                var before = values[other] > values[candidate] || (values[other] == values[candidate] && other < candidate);
                above += other != expert && given[other] && before ? 1 : 0;
            }

            if (candidate != expert && given[candidate] && above == k - 1)
            {
                return candidate;
            }
        }

        return -1;
    }
}
