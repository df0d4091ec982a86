namespace Multimodal.Contracts.Values;

/// <summary>Where the request's time went.</summary>
/// <param name="FeaturesMs">Milliseconds for the gate's input features.</param>
/// <param name="GateMs">Milliseconds for the gate.</param>
/// <param name="TotalMs">Milliseconds from acceptance to the fused answer.</param>
public sealed record AnswerTimings(double FeaturesMs, double GateMs, double TotalMs);
