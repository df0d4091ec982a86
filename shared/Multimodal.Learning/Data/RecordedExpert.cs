namespace Multimodal.Learning.Data;

/// <summary>An expert whose opinions were recorded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Modality">The modality of its input; see <see cref="ModalityBlock.Modality"/>.</param>
public sealed record RecordedExpert(string Name, string Modality);
