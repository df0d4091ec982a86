using Multimodal.Learning.Data;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>The selection strategies by name.</summary>
public static class SelectionStrategies
{
    private static readonly ISelectionStrategy[] All =
    [
        new WavesStrategy(), new TopKPerModalityStrategy(), new TopKStrategy(), new HardStrategy(), new SoftStrategy(),
        new MixtralStrategy(), new SwitchStrategy(), new HierarchicalStrategy(), new BudgetStrategy(),
    ];

    /// <summary>All strategies; each is stateless and thread-safe.</summary>
    public static NamedTable<ISelectionStrategy> Table { get; } =
        new("selection strategy", All.Select(strategy => KeyValuePair.Create(strategy.Name, strategy)));

    /// <summary>Writes the softmax over the k best available experts, and 0 elsewhere. Of equal experts, the first wins.</summary>
    internal static void KeepBest(Candidates candidates, int k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        for (var count = 0; count < k && KeepNext(candidates, weights, newModality: false); count++)
        {
        }

        LogSpace.Softmax(weights, weights);
    }

    /// <summary>Adds the best available expert that is not kept yet to the kept ones, with its logit.</summary>
    /// <param name="candidates">The experts.</param>
    /// <param name="kept">Logits of the kept experts, minus infinity elsewhere.</param>
    /// <param name="newModality">Whether the expert must have a modality without a kept expert.</param>
    /// <returns>False if no expert qualifies.</returns>
    internal static bool KeepNext(Candidates candidates, Span<double> kept, bool newModality)
    {
        var best = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            var isCandidate = candidates.Available[i] && double.IsNegativeInfinity(kept[i])
                && !(newModality && HasSibling(candidates, kept, i));
            if (isCandidate && (best < 0 || candidates.SelectionScoreOf(i) > candidates.SelectionScoreOf(best)))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return false;
        }

        kept[best] = candidates.LogitOf(best);
        return true;
    }

    /// <summary>Whether a kept expert shares the modality of an expert.</summary>
    internal static bool HasSibling(Candidates candidates, ReadOnlySpan<double> kept, int expert)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            if (!double.IsNegativeInfinity(kept[i]) && candidates.AreSiblings(i, expert))
            {
                return true;
            }
        }

        return false;
    }
}
