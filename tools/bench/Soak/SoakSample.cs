namespace Multimodal.Bench.Soak;

/// <summary>The figures of all processes and stores at one time.</summary>
/// <param name="Seconds">Time since the start of the load.</param>
/// <param name="Values">The figures by their name.</param>
internal sealed record SoakSample(double Seconds, IReadOnlyDictionary<string, double> Values);
