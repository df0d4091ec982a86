namespace Multimodal.Inference.Packages;

/// <summary>What a request gets when it does not say.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts to ask; null leaves it to the gate.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="Deadline">Time until the answer is due.</param>
/// <param name="Price">What another opinion must promise, in [0, 1], for a strategy that asks in waves; null for the usual.</param>
public sealed record EnsembleDefaults(string Strategy, int? K, string Fusion, TimeSpan Deadline, double? Price = null);
