using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Selection;

/// <summary>
/// The best available expert of each modality first, then the best of the rest, up to k; weighed by the softmax over their
/// logits. Two experts of one medium mostly say the same, and a second medium is the only thing that can contradict a part that
/// is damaged or wrong. (Grouped routing as in DeepSeek-V2 2024, section 2.1, with the medium as the group.)
/// Left to itself it asks one expert of each modality.
/// </summary>
internal sealed class TopKPerModalityStrategy : ISelectionStrategy
{
    public string Name => "top-k-per-modality";

    public int Select(Candidates candidates, int? k, Span<double> weights)
    {
        weights = weights[..candidates.Count];
        weights.Fill(double.NegativeInfinity);
        var limit = Math.Max(1, k ?? candidates.Count);
        var chosen = 0;
        while (chosen < limit && SelectionStrategies.KeepNext(candidates, weights, newModality: true))
        {
            chosen++;
        }

        if (k is null)
        {
            limit = Math.Max(1, chosen);
        }

        while (chosen < limit && SelectionStrategies.KeepNext(candidates, weights, newModality: false))
        {
            chosen++;
        }

        LogSpace.Softmax(weights, weights);
        return limit;
    }
}
