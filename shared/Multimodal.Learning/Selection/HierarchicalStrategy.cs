using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// First the modality, then the expert in it (Jordan and Jacobs 1994). P(m) is the softmax mass of the available experts of modality m, and
/// P(i | m) the share of expert i in it. The strategy selects the best expert of each of the k most probable modalities, of all modalities
/// without k. The weight of the expert is the mass P(m), which includes the mass of the experts of its modality that are not selected. If k
/// exceeds the number of modalities, the next best experts follow, and P(m) is split by P(i | m) among the selected experts of the
/// modality.
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
                var isSibling = candidates.Available[j] && candidates.AreSiblings(i, j);
                siblings[j] = isSibling ? candidates.LogitOf(j) : double.NegativeInfinity;
            }

            mass[i] = candidates.Available[i] ? LogSpace.LogSumExp(siblings) : double.NegativeInfinity;
        }

        weights.Fill(double.NegativeInfinity);
        var limit = Math.Max(1, k ?? count);
        var selected = 0;
        while (selected < limit && KeepNext(candidates, mass, weights, newModality: true))
        {
            selected++;
        }

        limit = k is null ? Math.Max(1, selected) : limit;
        while (selected < limit && KeepNext(candidates, mass, weights, newModality: false))
        {
            selected++;
        }

        WriteWeights(candidates, mass, weights);
        return limit;
    }

    private static bool KeepNext(Candidates candidates, ReadOnlySpan<double> mass, Span<double> kept, bool newModality)
    {
        var best = -1;
        for (var i = 0; i < kept.Length; i++)
        {
            if (candidates.Available[i] && double.IsNegativeInfinity(kept[i])
                && !(newModality && SelectionStrategies.HasSibling(candidates, kept, i))
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

    // By the mass of the modality, then by the score within it.
    private static bool IsBetter(Candidates candidates, ReadOnlySpan<double> mass, int expert, int other) =>
        !candidates.AreSiblings(expert, other) && mass[expert] != mass[other]
            ? mass[expert] > mass[other]
            : candidates.SelectionScoreOf(expert) > candidates.SelectionScoreOf(other);

    // ln weight_i = ln P(m) + s_i - ln of the sum of e^s over the selected experts of the modality.
    private static void WriteWeights(Candidates candidates, ReadOnlySpan<double> mass, Span<double> weights)
    {
        Span<double> selected = stackalloc double[weights.Length];
        Span<double> logs = stackalloc double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            for (var j = 0; j < weights.Length; j++)
            {
                selected[j] = candidates.AreSiblings(i, j) ? weights[j] : double.NegativeInfinity;
            }

            logs[i] = double.IsNegativeInfinity(weights[i]) ? weights[i] : mass[i] + (weights[i] - LogSpace.LogSumExp(selected));
        }

        LogSpace.Softmax(logs, weights);
    }
}
