namespace Multimodal.Learning.Gating;

/// <summary>
/// What a gate of <c>pairs-by-label</c> knows of two experts, or of one: the logarithm of what asking them is foretold to cost, for each label were it
/// the true one.
/// </summary>
/// <param name="Weights">A row per label, with a weight per standardised feature of their modalities, the first one's before the second's.</param>
/// <param name="Bias">The constants, one per label.</param>
/// <param name="Hidden">The hidden layer, with a row of output per label; null for a linear gate.</param>
public sealed record GateTable(IReadOnlyList<IReadOnlyList<double>> Weights, IReadOnlyList<double> Bias, GateHiddenLayer? Hidden);
