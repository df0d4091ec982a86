using System.Numerics.Tensors;

namespace Multimodal.Learning.Numerics;

/// <summary>
/// Sums and normalisations in log space, with the shift by the maximum of Blanchard, Higham and Higham (2021), "Accurately computing the
/// log-sum-exp and softmax functions". Minus infinity masks an entry, which becomes exactly 0. NaN propagates; callers replace it in
/// numbers from outside.
/// </summary>
public static class LogSpace
{
    /// <summary>ln sum exp(x); minus infinity if all entries are masked or there are none.</summary>
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

    /// <summary>exp(x) / sum exp(x); all 0 if all entries are masked; equal shares for entries of plus infinity.</summary>
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

    /// <summary>x - ln sum exp(x). The maximum is subtracted first, so that values of 1e308 lose no precision.</summary>
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
