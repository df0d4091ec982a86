namespace Multimodal.Learning.Selection;

/// <summary>The two best available experts, or the k best, weighted by the softmax over their logits (Jiang et al. 2024).</summary>
internal sealed class MixtralStrategy : ISelectionStrategy
{
    public string Name => "mixtral";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        var limit = Math.Max(1, k ?? 2);
        SelectionStrategies.KeepBest(candidates, limit, weights);
        return limit;
    }
}
