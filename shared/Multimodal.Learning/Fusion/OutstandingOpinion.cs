namespace Multimodal.Learning.Fusion;

/// <summary>An expert that was asked and may still speak.</summary>
/// <param name="Expert">The expert's name.</param>
/// <param name="Weight">The gate's weight in [0, 1], on the scale of the weights of the opinions at hand.</param>
public sealed record OutstandingOpinion(string Expert, double Weight);
