namespace Multimodal.Learning.Fusion;

/// <summary>An expert that was asked and has not answered yet.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Weight">The gate's weight in [0, 1], on the scale of the weights of the opinions that have arrived.</param>
public sealed record OutstandingOpinion(string Expert, double Weight);
