namespace Multimodal.Learning.Data;

/// <summary>Adjacent features of one modality. The first is its presence, 0 or 1.</summary>
/// <param name="Modality">Name of the modality, for example <c>image</c>.</param>
/// <param name="Offset">Index of the first feature.</param>
/// <param name="Length">Number of features, at least 1.</param>
public sealed record ModalityBlock(string Modality, int Offset, int Length);
