namespace Multimodal.Inference.Sessions;

/// <summary>Reads one row of the output.</summary>
internal delegate void ReadRow(int index, ReadOnlySpan<float> output);
