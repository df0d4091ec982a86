namespace Multimodal.Learning.Gating;

/// <summary>What a gate of <c>pairs</c> knows of two experts, or of one: the logarithm of what asking them is foretold to cost.</summary>
/// <param name="Weights">A weight per standardised feature of their modalities, the first one's before the second's.</param>
/// <param name="Bias">The constant.</param>
/// <param name="Hidden">The hidden layer, with one row of output; null for a linear gate.</param>
public sealed record GatePair(IReadOnlyList<double> Weights, double Bias, GateHiddenLayer? Hidden);
