namespace Multimodal.Inference.Packages;

/// <summary>The values that apply when a request does not set them.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">Largest number of experts to ask, at least 1; null lets the gate decide.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="Deadline">Time from acceptance to the answer, 1 ms to 10 minutes.</param>
/// <param name="Price">
/// The minimum expected gain, in [0, 1], for which a strategy that asks in waves asks another expert; null means the default.
/// </param>
public sealed record EnsembleDefaults(string Strategy, int? K, string Fusion, TimeSpan Deadline, double? Price = null);
