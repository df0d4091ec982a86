namespace Multimodal.Inference.Sessions;

/// <summary>Reads one row of the output tensor.</summary>
/// <param name="index">The row's index in the batch.</param>
/// <param name="output">One value per label, valid during the call only.</param>
internal delegate void ReadRow(int index, ReadOnlySpan<float> output);
