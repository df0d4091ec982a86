using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Fusion;

/// <summary>p proportional to exp(sum_i w_i ln p_i / T), w_i = softplus(score_i): a log pool whose weights need not sum to one.</summary>
internal sealed class LogForm : IFusionForm
{
    private static readonly double[] Start = [0.5];

    public string Name => "log";

    public ReadOnlySpan<double> InitialScores => Start;

    public void Fuse(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, double temperature, in FormResult result)
    {
        var fused = result.Fused;
        var weights = result.Weights;
        var labels = fused.Length;
        fused.Clear();
        for (var i = 0; i < scores.Length; i++)
        {
            weights[i] = Activation.Softplus(scores[i]);
            var row = result.Support.Slice(i * labels, labels);
            TensorPrimitives.Multiply(logProbabilities.Slice(i * labels, labels), weights[i] / temperature, row);
            TensorPrimitives.Add(fused, row, fused);
        }

        LogSpace.LogSoftmax(fused, fused);
        Distribution.Normalise(weights);
    }

    // With u = sum_i w_i l_i: dL/dw_i = sum_k p(k) l_i(k) - l_i(y), and softplus' = sigmoid.
    public void Backward(
        ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> scores, ReadOnlySpan<double> fused, int label, Span<double> gradient)
    {
        var labels = fused.Length;
        gradient.Clear();
        for (var k = 0; k < labels; k++)
        {
            var error = Math.Exp(fused[k]) - (k == label ? 1 : 0);
            for (var i = 0; i < scores.Length; i++)
            {
                gradient[i] += error * logProbabilities[i * labels + k];
            }
        }

        for (var i = 0; i < scores.Length; i++)
        {
            gradient[i] *= Activation.Sigmoid(scores[i]);
        }
    }

    public double Contribution(ReadOnlySpan<double> support, ReadOnlySpan<double> fused, int label) =>
        OpinionTable.Centred(support, label);
}
