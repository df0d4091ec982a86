namespace Multimodal.Bench.DigitsBench;

/// <summary>How <see cref="GrowthBench"/> trains.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="HiddenUnits">Hidden units of the gate.</param>
/// <param name="Ignore">Features that are not used, by the beginning of their names.</param>
/// <param name="Seed">Seed of all randomness.</param>
internal sealed record GrowthBenchOptions(string Strategy, int HiddenUnits, string[] Ignore, int Seed);
