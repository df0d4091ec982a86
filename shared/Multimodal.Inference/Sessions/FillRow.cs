namespace Multimodal.Inference.Sessions;

/// <summary>Writes one row of the input.</summary>
internal delegate void FillRow(int index, Span<byte> row);
