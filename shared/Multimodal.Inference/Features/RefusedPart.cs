using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Features;

/// <summary>A part whose features could not be computed.</summary>
/// <param name="Modality">Which part.</param>
/// <param name="Failure">Why, and what the sender can do.</param>
public sealed record RefusedPart(Modality Modality, MediaFailure Failure);
