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

    /// <summary>Every strategy there is; each is stateless and thread-safe.</summary>
    public static NamedTable<ISelectionStrategy> Table { get; } =
        new("selection strategy", All.Select(strategy => KeyValuePair.Create(strategy.Name, strategy)));

    /// <summary>Softmax over the k best of the available; ties go to the lower position. Leaves exact zeros elsewhere.</summary>
    internal static void KeepBest(Candidates candidates, int k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        for (var chosen = 0; chosen < k && KeepNext(candidates, weights, newModality: false); chosen++)
        {
        }

        LogSpace.Softmax(weights, weights);
    }

    /// <summary>Moves the best expert that is available and not yet kept into <paramref name="kept"/>, as its logit.</summary>
    /// <param name="candidates">Who could be kept.</param>
    /// <param name="kept">Logits of those kept so far, -infinity elsewhere.</param>
    /// <param name="newModality">Only experts of a medium that nobody kept judges.</param>
    /// <returns>False when there is none left.</returns>
    internal static bool KeepNext(Candidates candidates, Span<double> kept, bool newModality)
    {
        var best = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            var free = candidates.Available[i] && double.IsNegativeInfinity(kept[i]) && !(newModality && HasSibling(candidates, kept, i));
            if (free && (best < 0 || candidates.SelectionScoreOf(i) > candidates.SelectionScoreOf(best)))
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

    /// <summary>Whether somebody kept judges the same medium.</summary>
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
