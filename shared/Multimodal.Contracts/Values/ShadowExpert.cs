namespace Multimodal.Contracts.Values;

/// <summary>An expert in shadow: it may be asked, and what it says is recorded and does not count.</summary>
/// <param name="Name">The expert's name.</param>
/// <param name="Modality">The modality it judges.</param>
/// <param name="Skipped">Why it is not asked; null when it is.</param>
public sealed record ShadowExpert(string Name, Modality Modality, SkipReason? Skipped);
