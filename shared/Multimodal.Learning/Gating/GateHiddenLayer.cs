namespace Multimodal.Learning.Gating;

/// <summary>The hidden layer of a gate, which adds V tanh(U z + c) to the outputs.</summary>
/// <param name="Weights">U [units x features], for standardised features.</param>
/// <param name="Bias">c [units].</param>
/// <param name="Output">V [rows of the gate's weights x units].</param>
public sealed record GateHiddenLayer(
    IReadOnlyList<IReadOnlyList<double>> Weights, IReadOnlyList<double> Bias, IReadOnlyList<IReadOnlyList<double>> Output);
