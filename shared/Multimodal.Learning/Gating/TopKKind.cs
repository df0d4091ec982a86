using System.Numerics.Tensors;
using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking k experts, with noise in training (Shazeer et al. 2017, equations 3 to 10): H_i = s_i + n_i sigma_i, with standard normal n_i
/// and the learned sigma_i = softplus(r_i) + 0.01. The weights are the softmax over the k largest H. Added to the mixture likelihood are
/// the squared variations of the importance sum_x G_i(x) and of the load sum_x P(x, i), where P(x, i) is the probability that expert i
/// stays among the k if its noise is drawn again. Gradients flow through the noise and through the threshold. Outputs: s, then r; the
/// trained gate only keeps s.
/// </summary>
internal sealed class TopKKind : IGateKind
{
    // Keeps the gradient of the load alive if the noise is learned away (as in github.com/davidmrau/mixture-of-experts).
    private const double MinNoise = 0.01;

    public string Name => "top-k";

    public string Strategy => "top-k";

    public bool IsNoisy => true;

    public IGateNetwork CreateNetwork(RecordedSet set, int hidden) => new GateNetwork(set.Features.Count, hidden, 2 * set.Experts.Count);

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        var experts = batch.Experts;
        var noisy = new double[batch.Count * experts];
        var noisyGradient = new double[batch.Count * experts];
        var selected = new bool[batch.Count * experts];
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            var h = noisy.AsSpan(n * experts, experts);
            var marked = selected.AsSpan(n * experts, experts);
            for (var e = 0; e < experts; e++)
            {
                h[e] = batch.Output(n)[e] + batch.Noise(n)[e] * Deviation(batch, n, e);
            }

            if (batch.HasOpinion(n).Contains(true))
            {
                TopK.Mark(h, batch.HasOpinion(n), KOf(batch, n, options), marked);
                loss += MixtureLoss.AddLikelihood(h, batch.LogLikelihood(n), marked, noisyGradient.AsSpan(n * experts, experts));
            }
        }

        if (batch.Training)
        {
            loss += AddImportance(batch, noisy, selected, noisyGradient, options.Balance) + AddLoad(batch, noisy, noisyGradient, options);
        }

        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                AddNoisyGradient(batch, n, e, noisyGradient[n * experts + e]);
            }
        }

        return loss;
    }

    private static int KOf(GateBatch batch, int example, TrainingOptions options) =>
        options.K ?? (batch.HasOpinion(example).Count(true) + 1) / 2;

    private static double Deviation(GateBatch batch, int example, int expert) =>
        Activation.Softplus(batch.Output(example)[batch.Experts + expert]) + MinNoise;

    // dH/ds = 1, dH/dr = n sigmoid(r).
    private static void AddNoisyGradient(GateBatch batch, int example, int expert, double slope)
    {
        var gradient = batch.Gradient(example);
        var raw = batch.Output(example)[batch.Experts + expert];
        gradient[expert] += slope;
        gradient[batch.Experts + expert] += slope * batch.Noise(example)[expert] * Activation.Sigmoid(raw);
    }

    private static double AddImportance(GateBatch batch, double[] noisy, bool[] selected, double[] noisyGradient, double weight)
    {
        var experts = batch.Experts;
        var gate = new double[noisy.Length];
        var importance = new double[experts];
        for (var n = 0; n < batch.Count; n++)
        {
            LoadBalance.Softmax(
                noisy.AsSpan(n * experts, experts), selected.AsSpan(n * experts, experts), gate.AsSpan(n * experts, experts));
            for (var e = 0; e < experts; e++)
            {
                importance[e] += gate[n * experts + e];
            }
        }

        var variation = LoadBalance.SquaredVariation(importance, LoadBalance.FairShares(batch));
        for (var n = 0; n < batch.Count; n++)
        {
            ReadOnlySpan<double> own = gate.AsSpan(n * experts, experts);
            var mean = TensorPrimitives.Dot(own, importance);
            for (var e = 0; e < experts; e++)
            {
                noisyGradient[n * experts + e] += batch.Count * weight * own[e] * (importance[e] - mean);
            }
        }

        return batch.Count * weight * variation;
    }

    private static double AddLoad(GateBatch batch, double[] noisy, double[] noisyGradient, TrainingOptions options)
    {
        var experts = batch.Experts;
        var load = new double[experts];
        var threshold = new int[noisy.Length];
        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                var index = n * experts + e;
                threshold[index] = batch.HasOpinion(n)[e]
                    ? ThresholdWithout(noisy.AsSpan(n * experts, experts), batch.HasOpinion(n), e, KOf(batch, n, options))
                    : -1;
                load[e] += !batch.HasOpinion(n)[e] ? 0
                    : threshold[index] < 0 ? 1
                    : Normal.Cumulative(Margin(batch, noisy, n, e, threshold[index]));
            }
        }

        var variation = LoadBalance.SquaredVariation(load, LoadBalance.FairShares(batch));
        for (var n = 0; n < batch.Count; n++)
        {
            for (var e = 0; e < experts; e++)
            {
                var index = n * experts + e;
                if (threshold[index] < 0)
                {
                    continue;
                }

                var margin = Margin(batch, noisy, n, e, threshold[index]);
                var error = batch.Count * options.Balance * load[e] * Normal.Density(margin) / Deviation(batch, n, e);
                batch.Gradient(n)[e] += error;
                batch.Gradient(n)[experts + e] -= error * margin * Activation.Sigmoid(batch.Output(n)[experts + e]);
                noisyGradient[n * experts + threshold[index]] -= error;
            }
        }

        return batch.Count * options.Balance * variation;
    }

    private static double Margin(GateBatch batch, double[] noisy, int example, int expert, int threshold) =>
        (batch.Output(example)[expert] - noisy[example * batch.Experts + threshold]) / Deviation(batch, example, expert);

    /// <summary>
    /// Index of the k-th largest value without one expert; -1 if there are fewer, so that the expert is always among the k.
    /// </summary>
    private static int ThresholdWithout(ReadOnlySpan<double> values, ReadOnlySpan<bool> hasOpinion, int expert, int k)
    {
        for (var candidate = 0; candidate < values.Length; candidate++)
        {
            var above = 0;
            for (var other = 0; other < values.Length; other++)
            {
                var isLarger = values[other] > values[candidate] || (values[other] == values[candidate] && other < candidate);
                above += other != expert && hasOpinion[other] && isLarger ? 1 : 0;
            }

            if (candidate != expert && hasOpinion[candidate] && above == k - 1)
            {
                return candidate;
            }
        }

        return -1;
    }
}
