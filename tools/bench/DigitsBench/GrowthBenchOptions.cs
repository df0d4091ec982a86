namespace Multimodal.Bench.DigitsBench;

/// <summary>Training options of <see cref="GrowthBench"/>.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="HiddenUnits">Hidden units of the gate.</param>
/// <param name="Ignore">Name prefixes of excluded features.</param>
/// <param name="Seed">Seed for all random choices.</param>
internal sealed record GrowthBenchOptions(string Strategy, int HiddenUnits, string[] Ignore, int Seed);
