using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>The selection strategies by name.</summary>
public static class SelectionStrategies
{
    private static readonly ISelectionStrategy[] All = [new TopKStrategy(), new HardStrategy(), new SoftStrategy()];

    /// <summary>Every strategy there is; each is stateless and thread-safe.</summary>
    public static NamedTable<ISelectionStrategy> Table { get; } =
        new("selection strategy", All.Select(strategy => KeyValuePair.Create(strategy.Name, strategy)));

    /// <summary>Softmax over the k best of the available; ties go to the lower position. Leaves exact zeros elsewhere.</summary>
    internal static void KeepBest(ReadOnlySpan<double> logits, ReadOnlySpan<bool> available, int k, Span<double> weights)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            weights[i] = double.NegativeInfinity;
        }

        for (int chosen = 0; chosen < k; chosen++)
        {
            int best = -1;
            for (int i = 0; i < logits.Length; i++)
            {
                bool free = available[i] && double.IsNegativeInfinity(weights[i]);
                if (free && (best < 0 || Rank(logits[i]) > Rank(logits[best])))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                break;
            }

            weights[best] = Rank(logits[best]);
        }

        LogSpace.Softmax(weights[..logits.Length], weights);
    }

    internal static int Count(ReadOnlySpan<bool> available)
    {
        int count = 0;
        foreach (bool one in available)
        {
            count += one ? 1 : 0;
        }

        return count;
    }

    // An available expert stays choosable whatever its logit: NaN ranks last.
    private static double Rank(double logit) =>
        double.IsNaN(logit) ? double.MinValue : Math.Clamp(logit, double.MinValue, double.MaxValue);
}
