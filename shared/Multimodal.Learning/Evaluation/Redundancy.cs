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
        int experts = set.Experts.Count;
        var redundancy = new Redundancy(experts);
        int?[][] favourites = [.. set.Examples.Select(example => example.Opinions.Select(o => o is null ? (int?)null : Distribution.ArgMax(o)).ToArray())];
        for (int i = 0; i < experts; i++)
        {
            for (int j = 0; j < experts; j++)
            {
                int together = 0;
                int same = 0;
                int bothWrong = 0;
                int wrongI = 0;
                int wrongJ = 0;
                foreach ((int n, int?[] favourite) in favourites.Index())
                {
                    if (favourite[i] is { } a && favourite[j] is { } b)
                    {
                        int label = set.Examples[n].Label;
                        together++;
                        same += a == b ? 1 : 0;
                        wrongI += a != label ? 1 : 0;
                        wrongJ += b != label ? 1 : 0;
                        bothWrong += a != label && b != label ? 1 : 0;
                    }
                }

                double spread = Math.Sqrt((double)wrongI * (together - wrongI) * wrongJ * (together - wrongJ));
                redundancy.Together[i, j] = together;
                redundancy.Agreement[i, j] = together == 0 ? double.NaN : (double)same / together;
                redundancy.ErrorCorrelation[i, j] = spread == 0 ? double.NaN : ((double)together * bothWrong - (double)wrongI * wrongJ) / spread;
            }
        }

        return redundancy;
    }
}
