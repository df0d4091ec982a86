using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>Shared parts of the losses over labels: opinions are ln p per label, combined in a linear pool.</summary>
internal static class LabelOpinions
{
    /// <summary>
    /// ln of the minimum probability that counts for the true label. It limits the effect of a single extreme opinion. Gates are trained
    /// with the same bound.
    /// </summary>
    public const double MinLog = -12;

    public static double[]? Prepare(IReadOnlyList<double> opinion)
    {
        if (opinion.Count == 0)
        {
            return null;
        }

        double[] logs = [.. opinion];
        OpinionTable.Normalise(logs);
        return logs;
    }

    public static double[] Combine(OnlineOpinions opinions)
    {
        var pooled = new double[opinions.Length];
        var terms = new double[opinions.Count];
        for (var k = 0; k < pooled.Length; k++)
        {
            for (var e = 0; e < terms.Length; e++)
            {
                terms[e] = opinions.Values[e] is { } logs ? Math.Log(opinions.Weights[e]) + logs[k] : double.NegativeInfinity;
            }

            pooled[k] = LogSpace.LogSumExp(terms);
        }

        return pooled;
    }

    public static double LogOf(ReadOnlySpan<double> logs, double truth) => Math.Max(logs[(int)truth], MinLog);

    public static void Check(double truth, int length)
    {
        if (!(truth >= 0 && truth < length) || truth != Math.Floor(truth))
        {
            throw new ArgumentOutOfRangeException(nameof(truth), truth, $"The truth must be the index of one of {length} labels.");
        }
    }
}
