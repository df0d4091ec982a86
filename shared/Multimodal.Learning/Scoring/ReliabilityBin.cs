namespace Multimodal.Learning.Scoring;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Count">Number of forecasts.</param>
/// <param name="Confidence">Their mean confidence, in [0, 1]; 0 if there are none.</param>
/// <param name="Accuracy">Share of correct forecasts, in [0, 1]; 0 if there are none.</param>
public sealed record ReliabilityBin(int Count, double Confidence, double Accuracy);
