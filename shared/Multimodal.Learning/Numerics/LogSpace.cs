using System.Numerics.Tensors;

namespace Multimodal.Learning.Numerics;

/// <summary>
/// Sums and normalisations in log space, by the max-shift of Blanchard, Higham and Higham (2021), "Accurately computing the
/// log-sum-exp and softmax functions". Minus infinity is a mask and ends as exactly zero probability. NaN propagates: whoever
/// takes numbers from outside replaces it first.
/// </summary>
public static class LogSpace
{
    /// <summary>ln sum exp(x). Minus infinity when every entry is minus infinity or there is none.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        var max = Max(values);
        if (!double.IsFinite(max))
        {
            return max;
        }

        double sum = 0;
        foreach (var value in values)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>exp(x) / sum exp(x). All zero when every entry is masked; shared evenly among entries of plus infinity.</summary>
    /// <param name="values">Any numbers; minus infinity masks.</param>
    /// <param name="probabilities">As long as <paramref name="values"/>; may be the same memory.</param>
    public static void Softmax(ReadOnlySpan<double> values, Span<double> probabilities)
    {
        var max = Max(values);
        if (double.IsNegativeInfinity(max))
        {
            probabilities[..values.Length].Clear();
            return;
        }

        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            probabilities[i] = double.IsPositiveInfinity(max)
                ? (double.IsPositiveInfinity(values[i]) ? 1 : 0)
                : Math.Exp(values[i] - max);
            sum += probabilities[i];
        }

        TensorPrimitives.Divide(probabilities[..values.Length], sum, probabilities[..values.Length]);
    }

    /// <summary>x - ln sum exp(x), without first adding the shift back, so that 1e308 does not swallow the result.</summary>
    /// <param name="values">At least one finite number; minus infinity masks.</param>
    /// <param name="logProbabilities">As long as <paramref name="values"/>; may be the same memory.</param>
    public static void LogSoftmax(ReadOnlySpan<double> values, Span<double> logProbabilities)
    {
        var max = Max(values);
        if (!double.IsFinite(max))
        {
            logProbabilities[..values.Length].Fill(double.IsNegativeInfinity(max) ? max : double.NaN);
            return;
        }

        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            logProbabilities[i] = values[i] - max;
            sum += Math.Exp(logProbabilities[i]);
        }

        TensorPrimitives.Subtract(logProbabilities[..values.Length], Math.Log(sum), logProbabilities[..values.Length]);
    }

    private static double Max(ReadOnlySpan<double> values) =>
        values.IsEmpty ? double.NegativeInfinity : TensorPrimitives.Max(values);
}
