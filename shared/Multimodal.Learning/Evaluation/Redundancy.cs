using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Evaluation;

/// <summary>Similarity of every pair of experts. The matrices are [experts x experts], symmetric, in the order of the set.</summary>
public sealed class Redundancy
{
    private Redundancy(int experts)
    {
        CommonExamples = new int[experts, experts];
        Agreement = new double[experts, experts];
        ErrorCorrelation = new double[experts, experts];
    }

    /// <summary>Number of examples with an opinion of both experts.</summary>
    public int[,] CommonExamples { get; }

    /// <summary>Share of the common examples on which both favour the same label, in [0, 1]; NaN without common examples.</summary>
    public double[,] Agreement { get; }

    /// <summary>
    /// Correlation of the errors of two experts, the phi coefficient in [-1, 1]: 1 if both are always wrong together, 0 if their errors are
    /// independent; NaN if one of them is always or never wrong.
    /// </summary>
    public double[,] ErrorCorrelation { get; }

    /// <summary>Compares all pairs of experts.</summary>
    public static Redundancy Of(RecordedSet set)
    {
        var experts = set.Experts.Count;
        var redundancy = new Redundancy(experts);
        int?[][] favourites = [.. set.Examples.Select(example => example.Opinions.Select(Favourite).ToArray())];
        for (var i = 0; i < experts; i++)
        {
            for (var j = 0; j < experts; j++)
            {
                redundancy.Compare(set, favourites, i, j);
            }
        }

        return redundancy;
    }

    private static int? Favourite(double[]? opinion) => opinion is null ? null : Distribution.ArgMax(opinion);

    private void Compare(RecordedSet set, int?[][] favourites, int i, int j)
    {
        var common = 0;
        var same = 0;
        var bothWrong = 0;
        var wrongI = 0;
        var wrongJ = 0;
        foreach (var (n, favourite) in favourites.Index())
        {
            if (favourite[i] is { } a && favourite[j] is { } b)
            {
                var label = set.Examples[n].Label;
                common++;
                same += a == b ? 1 : 0;
                wrongI += a != label ? 1 : 0;
                wrongJ += b != label ? 1 : 0;
                bothWrong += a != label && b != label ? 1 : 0;
            }
        }

        var deviations = Math.Sqrt((double)wrongI * (common - wrongI) * wrongJ * (common - wrongJ));
        CommonExamples[i, j] = common;
        Agreement[i, j] = common == 0 ? double.NaN : (double)same / common;
        ErrorCorrelation[i, j] = deviations == 0 ? double.NaN : ((double)common * bothWrong - (double)wrongI * wrongJ) / deviations;
    }
}
