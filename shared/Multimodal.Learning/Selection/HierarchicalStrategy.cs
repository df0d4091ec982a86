using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// First the modality, then the expert in it (Jordan and Jacobs 1994): P(m) is the softmax mass of a modality's available experts, P(i | m)
/// an expert's share of it. Asks the best expert of each of the k most probable modalities, of all of them unless k is given, and weighs
/// it by its modality's whole mass P(m): what its siblings would have had goes to it and not to other media. When k is more than
/// there are modalities, the best of the rest follow, weighed by P(m) P(i | m) among the asked of their modality.
/// </summary>
internal sealed class HierarchicalStrategy : ISelectionStrategy
{
    public string Name => "hierarchical";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        var count = candidates.Count;
        weights = weights[..count];
        Span<double> mass = stackalloc double[count];
        Span<double> siblings = stackalloc double[count];
        for (var i = 0; i < count; i++)
        {
            // ln P(m) of the expert's modality, up to a common term.
            for (var j = 0; j < count; j++)
            {
                var sibling = candidates.Available[j] && candidates.AreSiblings(i, j);
                siblings[j] = sibling ? candidates.LogitOf(j) : double.NegativeInfinity;
            }

            mass[i] = candidates.Available[i] ? LogSpace.LogSumExp(siblings) : double.NegativeInfinity;
        }

        weights.Fill(double.NegativeInfinity);
        var limit = Math.Max(1, k ?? count);
        var chosen = 0;
        while (chosen < limit && KeepNext(candidates, mass, weights, newModality: true))
        {
            chosen++;
        }

        limit = k is null ? Math.Max(1, chosen) : limit;
        while (chosen < limit && KeepNext(candidates, mass, weights, newModality: false))
        {
            chosen++;
        }

        Weigh(candidates, mass, weights);
        return limit;
    }

    private static bool KeepNext(Candidates candidates, ReadOnlySpan<double> mass, Span<double> kept, bool newModality)
    {
        var best = -1;
        for (var i = 0; i < kept.Length; i++)
        {
            if (candidates.Available[i] && double.IsNegativeInfinity(kept[i]) && !(newModality && SelectionStrategies.HasSibling(candidates, kept, i))
                && (best < 0 || IsBetter(candidates, mass, i, best)))
            {
                best = i;
            }
        }

        if (best >= 0)
        {
            kept[best] = candidates.LogitOf(best);
        }

        return best >= 0;
    }

    // By modality first, then by rank in it.
    private static bool IsBetter(Candidates candidates, ReadOnlySpan<double> mass, int one, int other) =>
        !candidates.AreSiblings(one, other) && mass[one] != mass[other]
            ? mass[one] > mass[other]
            : candidates.SelectionScoreOf(one) > candidates.SelectionScoreOf(other);

    // ln weight_i = ln P(m) + s_i - ln of the sum of e^s over the asked of the modality.
    private static void Weigh(Candidates candidates, ReadOnlySpan<double> mass, Span<double> weights)
    {
        Span<double> asked = stackalloc double[weights.Length];
        Span<double> logs = stackalloc double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            for (var j = 0; j < weights.Length; j++)
            {
                asked[j] = candidates.AreSiblings(i, j) ? weights[j] : double.NegativeInfinity;
            }

            logs[i] = double.IsNegativeInfinity(weights[i]) ? weights[i] : mass[i] + (weights[i] - LogSpace.LogSumExp(asked));
        }

        LogSpace.Softmax(logs, weights);
    }
}
