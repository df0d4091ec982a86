namespace Multimodal.Learning.Gating;

/// <summary>The hidden layer of a gate: the outputs gain V tanh(U z + c).</summary>
/// <param name="Weights">U: a row per unit with a weight per standardised feature.</param>
/// <param name="Bias">c: one per unit.</param>
/// <param name="Output">V: a row per row of the gate's weights, with a weight per unit.</param>
public sealed record GateHiddenLayer(
    IReadOnlyList<IReadOnlyList<double>> Weights, IReadOnlyList<double> Bias, IReadOnlyList<IReadOnlyList<double>> Output);
