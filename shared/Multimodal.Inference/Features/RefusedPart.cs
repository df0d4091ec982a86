using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Features;

/// <summary>A part whose features cannot be computed.</summary>
/// <param name="Modality">The modality of the part.</param>
/// <param name="Failure">The reason, and what the client can do.</param>
public sealed record RefusedPart(Modality Modality, MediaFailure Failure);
