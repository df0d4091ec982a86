namespace Multimodal.Contracts.Values;

/// <summary>A shadow expert: it is asked about a share of the requests, and its opinion is recorded but not fused.</summary>
/// <param name="Name">The expert's name.</param>
/// <param name="Modality">The modality it classifies.</param>
/// <param name="Skipped">Why it is not asked; null if it is asked.</param>
public sealed record ShadowExpert(string Name, Modality Modality, SkipReason? Skipped);
