namespace Multimodal.Contracts.Values;

/// <summary>The duration of each stage of a request.</summary>
/// <param name="FeaturesMs">Milliseconds to compute the gate's input features.</param>
/// <param name="GateMs">Milliseconds to run the gate.</param>
/// <param name="TotalMs">Milliseconds from acceptance to the fused answer.</param>
public sealed record AnswerTimings(double FeaturesMs, double GateMs, double TotalMs);
