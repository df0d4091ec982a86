namespace Multimodal.Learning.Gating;

/// <summary>The entry of a <c>pairs</c> gate for two experts or for one: it predicts ln of the cost of asking them.</summary>
/// <param name="Weights">
/// One weight per standardised feature of their modalities, those of the first modality before those of the second.
/// </param>
/// <param name="Bias">The constant.</param>
/// <param name="Hidden">The hidden layer, with one row of output; null for a linear entry.</param>
public sealed record GatePair(IReadOnlyList<double> Weights, double Bias, GateHiddenLayer? Hidden);
