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

    // The available experts in the order of asking; returns their number. Within a modality, experts follow by score, so each step compares one expert per
    // modality.
    private static int Rank(Candidates candidates, Span<int> order, out int modalities)
    {
        Span<Ranked> ranked = stackalloc Ranked[candidates.Count];
        var count = 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.Available[i])
            {
                ranked[count++] = new Ranked(candidates.SelectionScoreOf(i), i);
            }
        }

        ranked = ranked[..count];
        ranked.Sort();
        Span<Queue> queues = stackalloc Queue[count];
        modalities = MakeQueues(candidates, ranked, queues);
        queues = queues[..modalities];
        for (var m = 0; m < queues.Length; m++)
        {
            order[m] = queues[m].TakeNext(candidates, ranked);
        }

        for (var rank = modalities; rank < count; rank++)
        {
            order[rank] = queues[BestQueue(queues, ranked)].TakeNext(candidates, ranked);
        }

        return count;
    }

    // Groups the experts by modality, and the modalities by their best expert. Returns the number of modalities.
    private static int MakeQueues(Candidates candidates, Span<Ranked> ranked, Span<Queue> queues)
    {
        var modalities = 0;
        var done = 0;
        while (done < ranked.Length)
        {
            var first = done;
            var leader = ranked[first].Expert;
            for (var i = first; i < ranked.Length; i++)
            {
                if (candidates.AreSiblings(ranked[i].Expert, leader))
                {
                    // Moves the sibling before the others, which keep their order.
                    var sibling = ranked[i];
                    ranked[done..i].CopyTo(ranked[(done + 1)..]);
                    ranked[done++] = sibling;
                }
            }

            queues[modalities++] = new Queue(first, done);
        }

        return modalities;
    }

    // The modality whose next expert has the largest difference to the strongest sibling that comes before; of equal ones, that of the first expert.
    private static int BestQueue(ReadOnlySpan<Queue> queues, ReadOnlySpan<Ranked> ranked)
    {
        var best = -1;
        for (var m = 0; m < queues.Length; m++)
        {
            if (!queues[m].IsEmpty && (best < 0 || queues[m].IsBefore(queues[best], ranked)))
            {
                best = m;
            }
        }

        return best;
    }

    private readonly record struct Ranked(double Score, int Expert) : IComparable<Ranked>
    {
        public int CompareTo(Ranked other) => Score == other.Score ? Expert.CompareTo(other.Expert) : other.Score.CompareTo(Score);
    }

    /// <summary>The experts of one modality that come next, from a position in the ranking to an end.</summary>
    private struct Queue(int next, int end)
    {
        private int _next = next;
        private double _strongest = double.NegativeInfinity;

        public readonly bool IsEmpty => _next == end;

        public int TakeNext(Candidates candidates, ReadOnlySpan<Ranked> ranked)
        {
            var expert = ranked[_next++].Expert;
            _strongest = Math.Max(_strongest, candidates.LogitOf(expert));
            return expert;
        }

        public readonly bool IsBefore(in Queue other, ReadOnlySpan<Ranked> ranked)
        {
            var (own, others) = (Difference(ranked), other.Difference(ranked));
            return own > others || (own == others && ranked[_next].Expert < ranked[other._next].Expert);
        }

        private readonly double Difference(ReadOnlySpan<Ranked> ranked) => ranked[_next].Score - _strongest;
    }
}
