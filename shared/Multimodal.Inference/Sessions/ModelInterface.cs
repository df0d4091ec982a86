using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>The inputs and outputs that a package states for its model. A null value is not checked; the caller has reported it.</summary>
/// <param name="Input">Name of the input tensor.</param>
/// <param name="Row">Type and shape of the row that the preprocessor writes.</param>
/// <param name="Output">Name of the output tensor.</param>
/// <param name="Labels">Number of labels.</param>
internal sealed record ModelInterface(string? Input, TensorRow? Row, string? Output, int? Labels);
