namespace Multimodal.Inference.Sessions;

/// <summary>Writes one row of the input tensor.</summary>
/// <param name="index">The row's index in the batch.</param>
/// <param name="row">The bytes of the row; all must be written.</param>
internal delegate void FillRow(int index, Span<byte> row);
