namespace Multimodal.Learning.Gating;

/// <summary>The one best available expert, whatever k says.</summary>
internal sealed class HardStrategy : ISelectionStrategy
{
    public string Name => "hard";

    public int Select(ReadOnlySpan<double> logits, ReadOnlySpan<bool> available, int? k, Span<double> weights)
    {
        SelectionStrategies.KeepBest(logits, available, 1, weights);
        return 1;
    }
}
