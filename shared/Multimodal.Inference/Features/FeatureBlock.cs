using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Features;

/// <summary>The features of one modality in the gate's input vector.</summary>
/// <param name="Modality">The modality.</param>
/// <param name="Offset">Index of the first feature in the vector.</param>
/// <param name="Names">
/// The name of each feature, unique in the whole vector. The first one states whether the part is present (1) or absent (0).
/// </param>
public sealed record FeatureBlock(Modality Modality, int Offset, IReadOnlyList<string> Names)
{
    /// <summary>Number of features.</summary>
    public int Length => Names.Count;
}
