namespace Multimodal.Learning.Selection;

/// <summary>
/// The best available expert whose queue is not at capacity (Fedus, Zoph and Shazeer 2022). If all queues are at capacity, the best expert
/// is selected, because requests are not dropped. k is ignored.
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

    private static bool IsBetter(Candidates candidates, int expert, int other)
    {
        var isFull = !candidates.Full.IsEmpty && candidates.Full[expert];
        var otherIsFull = !candidates.Full.IsEmpty && candidates.Full[other];
        return isFull == otherIsFull ? candidates.SelectionScoreOf(expert) > candidates.SelectionScoreOf(other) : otherIsFull;
    }
}
