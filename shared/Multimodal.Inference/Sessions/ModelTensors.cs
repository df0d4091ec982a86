using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>The input and the output of a model.</summary>
/// <param name="Input">Name of the input tensor.</param>
/// <param name="Row">Type and shape of one item in the input.</param>
/// <param name="Output">Name of the output tensor, shape [batch, labels].</param>
/// <param name="Labels">Number of labels.</param>
internal sealed record ModelTensors(string Input, TensorRow Row, string Output, int Labels);
