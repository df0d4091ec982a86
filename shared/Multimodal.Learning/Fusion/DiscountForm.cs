using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>
/// p proportional to prod_i (r_i p_i + (1 - r_i) / K)^(w_i / T), r_i = sigmoid(first score), w_i = softplus(second score): a product of
/// discounted opinions. Each opinion counts with probability r_i and is uniform otherwise (Shafer's discounting), so no expert can veto a
/// label, and has the exponent w_i.
/// </summary>
internal sealed class DiscountForm : IFusionForm
{
    private static readonly double[] Start = [2, 0.5];

    public string Name => "discount";

    public ReadOnlySpan<double> InitialScores => Start;

    public void Fuse(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature, in FormResult result)
    {
        var fused = result.Fused;
        var labels = fused.Length;
        var count = scores.Length / 2;
        fused.Clear();
        for (var i = 0; i < count; i++)
        {
            var reliability = Activation.Sigmoid(scores[i]);
            var exponent = Activation.Softplus(scores[count + i]);
            result.Weights[i] = reliability * exponent;
            for (var k = 0; k < labels; k++)
            {
                var part = exponent / temperature * Math.Log(Discounted(reliability, logProbabilities[i * labels + k], labels));
                result.Support[i * labels + k] = part;
                fused[k] += part;
            }
        }

        LogSpace.LogSoftmax(fused, fused);
        Distribution.Normalise(result.Weights);
    }

    // With d = r p + (1 - r) / K, u = sum_i w_i ln d_i and e(k) = P(k) - [k = y]: dL/dw_i = sum_k e(k) ln d_i(k) and
    // dL/dr_i = w_i sum_k e(k) (p_i(k) - 1/K) / d_i(k); softplus' = sigmoid, sigmoid' = r (1 - r).
    public void Backward(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, ReadOnlySpan<double> fused, int label, Span<double> gradient)
    {
        var labels = fused.Length;
        var count = scores.Length / 2;
        for (var i = 0; i < count; i++)
        {
            var reliability = Activation.Sigmoid(scores[i]);
            double byReliability = 0;
            double byExponent = 0;
            for (var k = 0; k < labels; k++)
            {
                var log = logProbabilities[i * labels + k];
                var discounted = Discounted(reliability, log, labels);
                var error = Math.Exp(fused[k]) - (k == label ? 1 : 0);
                byReliability += error * (Math.Exp(log) - 1.0 / labels) / discounted;
                byExponent += error * Math.Log(discounted);
            }

            gradient[i] = Activation.Softplus(scores[count + i]) * byReliability * reliability * (1 - reliability);
            gradient[count + i] = byExponent * Activation.Sigmoid(scores[count + i]);
        }
    }

    public double Contribution(ReadOnlySpan<double> support, ReadOnlySpan<double> fused, int label) =>
        OpinionTable.Centred(support, label);

    private static double Discounted(double reliability, double log, int labels) =>
        reliability * Math.Exp(log) + (1 - reliability) / labels;
}
