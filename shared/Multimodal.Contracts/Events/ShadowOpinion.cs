namespace Multimodal.Contracts.Events;

/// <summary>The opinion of a shadow expert.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="Label">Its most probable label.</param>
/// <param name="LogProbabilities">Calibrated natural-log probabilities, one per label in the ensemble's order.</param>
public sealed record ShadowOpinion(string Expert, string Label, IReadOnlyList<double> LogProbabilities);
