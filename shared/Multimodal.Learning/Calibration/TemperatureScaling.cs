using System.Numerics.Tensors;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Calibration;

/// <summary>Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017): p = softmax(z / T), with T fitted to held-out examples.</summary>
public static class TemperatureScaling
{
    private const double MaxTemperature = 20;

    /// <summary>The T in [0.05, 20] with the lowest mean -ln p(label). The loss is convex in 1/T, so a line search finds it.</summary>
    /// <param name="logits">[examples x labels]: logits, or log probabilities at T = 1.</param>
    /// <param name="labels">Index of the true label of each example.</param>
    /// <returns>T; 1 without examples.</returns>
    public static double Fit(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels)
    {
        if (logits.Count == 0)
        {
            return 1;
        }

        var bound = Math.Log(MaxTemperature);
        return Math.Exp(GoldenSection.Minimise(log => Loss(logits, labels, Math.Exp(log)), -bound, bound, 1e-6));
    }

    /// <summary>Mean -ln softmax(z / T)(label), in nats; 0 without examples.</summary>
    /// <param name="logits">[examples x labels].</param>
    /// <param name="labels">Index of the true label of each example.</param>
    /// <param name="temperature">T, above 0.</param>
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

    /// <summary>Computes ln softmax(z / T).</summary>
    /// <param name="logits">Logits, or log probabilities at T = 1.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="logProbabilities">As long as <paramref name="logits"/>; may be the same memory.</param>
    public static void Apply(ReadOnlySpan<double> logits, double temperature, Span<double> logProbabilities)
    {
        TensorPrimitives.Divide(logits, temperature, logProbabilities);
        LogSpace.LogSoftmax(logProbabilities[..logits.Length], logProbabilities);
    }
}
