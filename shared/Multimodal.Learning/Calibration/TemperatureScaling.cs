using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Calibration;

/// <summary>Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017): p = softmax(z / T), T chosen by held-out likelihood.</summary>
public static class TemperatureScaling
{
    private const double Hottest = 20;

    /// <summary>The T in [0.05, 20] with the least mean -ln p(label). The loss is convex in 1/T, so a line search finds it.</summary>
    /// <param name="logits">One row per example: logits, or log probabilities at T = 1.</param>
    /// <param name="labels">The true label of each row.</param>
    /// <returns>T; 1 when there are no examples.</returns>
    public static double Fit(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels)
    {
        if (logits.Count == 0)
        {
            return 1;
        }

        return Math.Exp(GoldenSection.Minimise(log => Loss(logits, labels, Math.Exp(log)), -Math.Log(Hottest), Math.Log(Hottest), 1e-6));
    }

    /// <summary>Mean -ln softmax(z / T)(label); 0 when there are no examples.</summary>
    public static double Loss(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double temperature)
    {
        double sum = 0;
        var scratch = new double[logits.Count == 0 ? 0 : logits[0].Length];
        for (var i = 0; i < logits.Count; i++)
        {
            TensorPrimitives.Divide(logits[i], temperature, scratch);
            sum += LogSpace.LogSumExp(scratch) - scratch[labels[i]];
        }

        return sum / Math.Max(1, logits.Count);
    }

    /// <summary>ln softmax(z / T).</summary>
    /// <param name="logits">Logits, or log probabilities at T = 1.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="logProbabilities">As long as <paramref name="logits"/>; may be the same memory.</param>
    public static void Apply(ReadOnlySpan<double> logits, double temperature, Span<double> logProbabilities)
    {
        TensorPrimitives.Divide(logits, temperature, logProbabilities);
        LogSpace.LogSoftmax(logProbabilities[..logits.Length], logProbabilities);
    }
}
