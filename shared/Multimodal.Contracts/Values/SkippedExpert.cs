namespace Multimodal.Contracts.Values;

/// <summary>An expert that is not asked.</summary>
/// <param name="Name">The expert's name.</param>
/// <param name="Modality">The modality it classifies.</param>
/// <param name="Reason">Why it is not asked.</param>
public sealed record SkippedExpert(string Name, Modality Modality, SkipReason Reason);
