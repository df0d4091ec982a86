using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>What the losses over labels have in common: opinions are natural-log probabilities, combined in a linear pool.</summary>
internal static class LabelOpinions
{
    /// <summary>
    /// ln of the least chance an expert is taken to have given the truth: one absurd opinion must not send an expert away for
    /// good. The gate is trained with the same bound.
    /// </summary>
    public const double LeastLog = -12;

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

    public static double LogOf(ReadOnlySpan<double> logs, double truth) => Math.Max(logs[(int)truth], LeastLog);

    public static void Check(double truth, int length)
    {
        if (!(truth >= 0 && truth < length) || truth != Math.Floor(truth))
        {
            throw new ArgumentOutOfRangeException(nameof(truth), truth, $"The truth is the position of one of {length} labels.");
        }
    }
}
