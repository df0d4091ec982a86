namespace Multimodal.Learning.Selection;

/// <summary>
/// The k best available experts, weighted by the softmax over their logits (Shazeer et al. 2017, without the training noise). Without k,
/// half of the available experts, rounded up.
/// </summary>
internal sealed class TopKStrategy : ISelectionStrategy
{
    public string Name => "top-k";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        var limit = Math.Max(1, k ?? (candidates.AvailableCount + 1) / 2);
        SelectionStrategies.KeepBest(candidates, limit, weights);
        return limit;
    }
}
