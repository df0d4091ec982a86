namespace Multimodal.Contracts.Events;

/// <summary>What an expert in shadow said.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Label">The label it favours.</param>
/// <param name="LogProbabilities">Calibrated natural-log probabilities, one per label in the ensemble's order.</param>
public sealed record ShadowOpinion(string Expert, string Label, IReadOnlyList<double> LogProbabilities);
