using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// All available experts up to k, one after the other. Wave 0 asks the best expert of half of the modalities, rounded up: of three
/// modalities one may be wrong, and two opinions show it. Then follow the best experts of the other modalities, one per wave, and then
/// their siblings, those with the largest weight relative to the experts of their modality that come before. The combiner stops when the
/// <see cref="ExpectedGain"/> of every further expert is below the price. Weights: softmax over the selected logits.
/// </summary>
internal sealed class WavesStrategy : ISelectionStrategy
{
    public string Name => "waves";

    public bool AsksInWaves => true;

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        Span<int> order = stackalloc int[candidates.Count];
        var limit = Math.Max(1, k ?? candidates.AvailableCount);
        var ranked = Rank(candidates, order, out _);
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        foreach (var expert in order[..Math.Min(limit, ranked)])
        {
            weights[expert] = candidates.LogitOf(expert);
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }

    public void Order(Candidates candidates, ReadOnlySpan<double> weights, Span<int> waves)
    {
        Span<int> order = stackalloc int[candidates.Count];
        var ranked = Rank(candidates, order, out var modalities);
        var atOnce = (modalities + 1) / 2;
        waves = waves[..candidates.Count];
        waves.Clear();
        for (var rank = 0; rank < ranked; rank++)
        {
            waves[order[rank]] = Math.Max(0, rank - atOnce + 1);
        }
    }

    // The available experts in the order of asking; returns their number.
    private static int Rank(Candidates candidates, Span<int> order, out int modalities)
    {
        Span<double> kept = stackalloc double[candidates.Count];
        kept.Fill(double.NegativeInfinity);
        var count = 0;
        int next;
        while ((next = BestOfNewModality(candidates, kept)) >= 0)
        {
            (kept[next], order[count++]) = (candidates.LogitOf(next), next);
        }

        modalities = count;
        while ((next = BestSibling(candidates, kept)) >= 0)
        {
            (kept[next], order[count++]) = (candidates.LogitOf(next), next);
        }

        return count;
    }

    private static int BestOfNewModality(Candidates candidates, ReadOnlySpan<double> kept)
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

    private static int BestSibling(Candidates candidates, ReadOnlySpan<double> kept)
    {
        var best = -1;
        var largest = double.NegativeInfinity;
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

            // The difference to the strongest sibling that comes before.
            var difference = candidates.SelectionScoreOf(i) - strongest;
            if (best < 0 || difference > largest)
            {
                (best, largest) = (i, difference);
            }
        }

        return best;
    }
}
