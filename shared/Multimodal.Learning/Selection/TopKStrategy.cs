namespace Multimodal.Learning.Selection;

/// <summary>
/// The k best available experts, weighed by the softmax over their logits (Shazeer et al. 2017, without the training noise).
/// Left to itself it takes half of the available ones, rounded up, so a request costs at most about half of asking everybody.
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
