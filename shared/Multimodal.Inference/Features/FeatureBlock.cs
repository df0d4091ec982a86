using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Features;

/// <summary>A run of positions in the gate's input vector.</summary>
/// <param name="Modality">The part it describes.</param>
/// <param name="Offset">First position.</param>
/// <param name="Names">Name of each position, unique in the whole vector; the first of a block is its presence (0 or 1).</param>
public sealed record FeatureBlock(Modality Modality, int Offset, IReadOnlyList<string> Names)
{
    /// <summary>Number of positions.</summary>
    public int Length => Names.Count;
}
