using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// The best available expert of each modality, then the best of the rest, up to k; without k, one expert per modality. Weights: softmax
/// over the selected logits. Two experts of one modality often agree, and only a second modality can contradict a damaged or wrong part.
/// (Grouped routing as in DeepSeek-V2 2024, section 2.1, with the modality as the group.)
/// </summary>
internal sealed class TopKPerModalityStrategy : ISelectionStrategy
{
    public string Name => "top-k-per-modality";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        var limit = Math.Max(1, k ?? candidates.Count);
        var selected = 0;
        while (selected < limit && SelectionStrategies.KeepNext(candidates, weights, newModality: true))
        {
            selected++;
        }

        if (k is null)
        {
            limit = Math.Max(1, selected);
        }

        while (selected < limit && SelectionStrategies.KeepNext(candidates, weights, newModality: false))
        {
            selected++;
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }
}
