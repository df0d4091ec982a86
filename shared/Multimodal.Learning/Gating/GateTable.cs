namespace Multimodal.Learning.Gating;

/// <summary>
/// The entry of a <c>pairs-by-label</c> gate for two experts or for one: for each label, it predicts ln of the cost of asking them if that
/// label is the true one.
/// </summary>
/// <param name="Weights">
/// [labels x features], for the standardised features of their modalities, those of the first modality before those of the second.
/// </param>
/// <param name="Bias">One constant per label.</param>
/// <param name="Hidden">The hidden layer, with a row of output per label; null for a linear entry.</param>
public sealed record GateTable(IReadOnlyList<IReadOnlyList<double>> Weights, IReadOnlyList<double> Bias, GateHiddenLayer? Hidden);
