using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>p proportional to (sum_i w_i p_i)^(1/T), w = softmax(scores): a linear pool with a temperature.</summary>
internal sealed class LinearForm : IFusionForm
{
    private static readonly double[] Start = [0];

    public string Name => "linear";

    public ReadOnlySpan<double> InitialScores => Start;

    public void Fuse(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature, in FormResult result)
    {
        var fused = result.Fused;
        var support = result.Support;
        var weights = result.Weights;
        var labels = fused.Length;
        LogSpace.Softmax(scores, weights);
        fused.Clear();
        for (var i = 0; i < scores.Length; i++)
        {
            for (var k = 0; k < labels; k++)
            {
                support[i * labels + k] = weights[i] * Math.Exp(logProbabilities[i * labels + k]);
                fused[k] += support[i * labels + k];
            }
        }

        for (var k = 0; k < labels; k++)
        {
            var pooled = fused[k];
            for (var i = 0; i < scores.Length; i++)
            {
                // The opinion's share in the pooled probability; by weight if the pool has underflowed to 0.
                support[i * labels + k] = pooled > 0 ? support[i * labels + k] / pooled : weights[i];
            }

            fused[k] = Math.Log(Math.Max(pooled, double.Epsilon)) / temperature;
        }

        LogSpace.LogSoftmax(fused, fused);
    }

    // The mixture likelihood of Jacobs et al. (1991): dL/ds_i = w_i - h_i with h_i = w_i p_i(y) / sum_j w_j p_j(y).
    public void Backward(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, ReadOnlySpan<double> fused, int label, Span<double> gradient)
    {
        var labels = fused.Length;
        Span<double> posterior = stackalloc double[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            posterior[i] = scores[i] + logProbabilities[i * labels + label];
        }

        LogSpace.Softmax(posterior, posterior);
        LogSpace.Softmax(scores, gradient);
        TensorPrimitives.Subtract(gradient, posterior, gradient);
    }

    public double Contribution(ReadOnlySpan<double> support, ReadOnlySpan<double> fused, int label) =>
        support[label] * Math.Exp(fused[label]);
}
