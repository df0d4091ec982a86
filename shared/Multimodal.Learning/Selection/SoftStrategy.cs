namespace Multimodal.Learning.Selection;

/// <summary>Every available expert, weighed by the softmax (Jacobs et al. 1991); k does not apply.</summary>
internal sealed class SoftStrategy : ISelectionStrategy
{
    public string Name => "soft";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        var count = candidates.AvailableCount;
        SelectionStrategies.KeepBest(candidates, count, weights);
        return Math.Max(1, count);
    }
}
