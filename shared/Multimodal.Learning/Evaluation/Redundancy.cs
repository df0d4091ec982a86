using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Evaluation;

/// <summary>How alike experts are, pair by pair; symmetric, in the order of the set.</summary>
public sealed class Redundancy
{
    private Redundancy(int experts)
    {
        Together = new int[experts, experts];
        Agreement = new double[experts, experts];
        ErrorCorrelation = new double[experts, experts];
    }

    /// <summary>Examples on which both gave an opinion.</summary>
    public int[,] Together { get; }

    /// <summary>Share of those on which both favour the same label; NaN when there are none.</summary>
    public double[,] Agreement { get; }

    /// <summary>
    /// Correlation of being wrong, the phi coefficient in [-1, 1]: 1 when both are always wrong together, 0 when one's errors tell nothing of
    /// the other's; NaN when one is always or never wrong.
    /// </summary>
    public double[,] ErrorCorrelation { get; }

    /// <summary>Compares all pairs of experts.</summary>
    public static Redundancy Of(RecordedSet set)
    {
        var experts = set.Experts.Count;
        var redundancy = new Redundancy(experts);
        int?[][] favourites = [.. set.Examples.Select(example => example.Opinions.Select(o => o is null ? (int?)null : Distribution.ArgMax(o)).ToArray())];
        for (var i = 0; i < experts; i++)
        {
            for (var j = 0; j < experts; j++)
            {
                var together = 0;
                var same = 0;
                var bothWrong = 0;
                var wrongI = 0;
                var wrongJ = 0;
                foreach (var (n, favourite) in favourites.Index())
                {
                    if (favourite[i] is { } a && favourite[j] is { } b)
                    {
                        var label = set.Examples[n].Label;
                        together++;
                        same += a == b ? 1 : 0;
                        wrongI += a != label ? 1 : 0;
                        wrongJ += b != label ? 1 : 0;
                        bothWrong += a != label && b != label ? 1 : 0;
                    }
                }

                var spread = Math.Sqrt((double)wrongI * (together - wrongI) * wrongJ * (together - wrongJ));
                redundancy.Together[i, j] = together;
                redundancy.Agreement[i, j] = together == 0 ? double.NaN : (double)same / together;
                redundancy.ErrorCorrelation[i, j] = spread == 0 ? double.NaN : ((double)together * bothWrong - (double)wrongI * wrongJ) / spread;
            }
        }

        return redundancy;
    }
}
