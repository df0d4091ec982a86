namespace Multimodal.Learning.Scoring;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Count">Forecasts in it.</param>
/// <param name="Confidence">Their mean confidence; 0 when empty.</param>
/// <param name="Accuracy">The share that was right; 0 when empty.</param>
public sealed record ReliabilityBin(int Count, double Confidence, double Accuracy);
