namespace Multimodal.Learning.Data;

/// <summary>A run of positions in the gate's input that describe one modality; the first is its presence (0 or 1).</summary>
/// <param name="Modality">The modality's name, for example <c>image</c>.</param>
/// <param name="Offset">First position.</param>
/// <param name="Length">Number of positions, at least 1.</param>
public sealed record ModalityBlock(string Modality, int Offset, int Length);
