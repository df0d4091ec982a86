namespace Multimodal.Contracts.Values;

/// <summary>A label and its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Score">Probability in [0, 1].</param>
public sealed record LabelScore(string Label, double Score);
