namespace Multimodal.Learning.Selection;

/// <summary>All available experts, weighted by the softmax (Jacobs et al. 1991); k is ignored.</summary>
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
