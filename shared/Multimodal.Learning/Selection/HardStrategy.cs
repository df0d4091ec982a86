namespace Multimodal.Learning.Selection;

/// <summary>The best available expert; k is ignored.</summary>
internal sealed class HardStrategy : ISelectionStrategy
{
    public string Name => "hard";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        SelectionStrategies.KeepBest(candidates, 1, weights);
        return 1;
    }
}
