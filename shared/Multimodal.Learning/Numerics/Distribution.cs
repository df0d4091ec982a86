using System.Numerics.Tensors;

namespace Multimodal.Learning.Numerics;

/// <summary>Functions of discrete distributions: probabilities are at least 0 and sum to 1.</summary>
public static class Distribution
{
    /// <summary>Index of the largest value; of equal values, the first. NaN is smaller than any number.</summary>
    public static int ArgMax(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best] || (double.IsNaN(values[best]) && !double.IsNaN(values[i])))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Shannon entropy divided by ln K, in [0, 1], with 0 ln 0 = 0; 0 for a single label.</summary>
    public static double NormalisedEntropy(ReadOnlySpan<double> probabilities)
    {
        if (probabilities.Length < 2)
        {
            return 0;
        }

        double entropy = 0;
        foreach (var p in probabilities)
        {
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        return Math.Clamp(entropy / Math.Log(probabilities.Length), 0, 1);
    }

    /// <summary>sum_k p(k) q(k), in [0, 1]: the probability that draws from both give the same label.</summary>
    public static double Overlap(ReadOnlySpan<double> p, ReadOnlySpan<double> q) =>
        Math.Clamp(TensorPrimitives.Dot(p, q), 0, 1);

    /// <summary>
    /// Divides the weights by their sum; equal weights if the sum is 0 or not finite. Negative weights and NaN count as 0.
    /// </summary>
    public static void Normalise(Span<double> weights)
    {
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = weights[i] > 0 ? weights[i] : 0;
            sum += weights[i];
        }

        if (sum is > 0 and < double.PositiveInfinity)
        {
            TensorPrimitives.Divide(weights, sum, weights);
        }
        else
        {
            weights.Fill(1.0 / weights.Length);
        }
    }
}
