namespace Multimodal.Learning.Selection;

/// <summary>
/// The one best available expert (Fedus, Zoph and Shazeer 2022), but the next best when its queue is at capacity; where every
/// queue is, the best after all, because a request is not dropped here. k does not apply.
/// </summary>
internal sealed class SwitchStrategy : ISelectionStrategy
{
    public string Name => "switch";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        weights.Clear();
        var best = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.Available[i] && (best < 0 || IsBetter(candidates, i, best)))
            {
                best = i;
            }
        }

        if (best >= 0)
        {
            weights[best] = 1;
        }

        return 1;
    }

    private static bool IsBetter(Candidates candidates, int one, int other)
    {
        var full = !candidates.Full.IsEmpty && candidates.Full[one];
        var otherFull = !candidates.Full.IsEmpty && candidates.Full[other];
        return full == otherFull ? candidates.SelectionScoreOf(one) > candidates.SelectionScoreOf(other) : otherFull;
    }
}
