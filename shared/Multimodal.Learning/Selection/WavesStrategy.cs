using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// Everybody up to k, but one after the other: at once the best expert of every second medium (half of the media, rounded up: of three
/// media one may be the odd one out, and two notice), then the best of each medium that has not spoken, then the siblings, the likeliest
/// to know better first. Whoever carries the plan out stops as soon as <see cref="ExpectedGain"/> says that no further opinion is worth
/// its price. Weighed by the softmax over their logits.
/// </summary>
internal sealed class WavesStrategy : ISelectionStrategy
{
    public string Name => "waves";

    public bool AsksInWaves => true;

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        Span<int> order = stackalloc int[candidates.Count];
        var limit = Math.Max(1, k ?? candidates.AvailableCount);
        var chosen = Rank(candidates, order, out _);
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        foreach (var expert in order[..Math.Min(limit, chosen)])
        {
            weights[expert] = candidates.LogitOf(expert);
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }

    public void Order(Candidates candidates, ReadOnlySpan<double> weights, Span<int> waves)
    {
        Span<int> order = stackalloc int[candidates.Count];
        var ranked = Rank(candidates, order, out var media);
        var atOnce = (media + 1) / 2;
        waves = waves[..candidates.Count];
        waves.Clear();
        for (var place = 0; place < ranked; place++)
        {
            waves[order[place]] = Math.Max(0, place - atOnce + 1);
        }
    }

    // The available experts, best first: one of each medium by rank, then the others by their chance against their siblings.
    private static int Rank(Candidates candidates, Span<int> order, out int media)
    {
        Span<double> kept = stackalloc double[candidates.Count];
        kept.Fill(double.NegativeInfinity);
        var count = 0;
        int next;
        while ((next = BestOfNewMedium(candidates, kept)) >= 0)
        {
            (kept[next], order[count++]) = (candidates.LogitOf(next), next);
        }

        media = count;
        while ((next = LikeliestSibling(candidates, kept)) >= 0)
        {
            (kept[next], order[count++]) = (candidates.LogitOf(next), next);
        }

        return count;
    }

    private static int BestOfNewMedium(Candidates candidates, ReadOnlySpan<double> kept)
    {
        var best = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.Available[i] && !SelectionStrategies.HasSibling(candidates, kept, i)
                && (best < 0 || candidates.SelectionScoreOf(i) > candidates.SelectionScoreOf(best)))
            {
                best = i;
            }
        }

        return best;
    }

    private static int LikeliestSibling(Candidates candidates, ReadOnlySpan<double> kept)
    {
        var best = -1;
        var most = double.NegativeInfinity;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.Available[i] || !double.IsNegativeInfinity(kept[i]))
            {
                continue;
            }

            var strongest = double.NegativeInfinity;
            for (var j = 0; j < candidates.Count; j++)
            {
                strongest = candidates.AreSiblings(i, j) ? Math.Max(strongest, kept[j]) : strongest;
            }

            // Against the strongest who speaks before it; the rest decides nothing that a difference of logits does not.
            var behind = candidates.SelectionScoreOf(i) - strongest;
            if (best < 0 || behind > most)
            {
                (best, most) = (i, behind);
            }
        }

        return best;
    }
}
