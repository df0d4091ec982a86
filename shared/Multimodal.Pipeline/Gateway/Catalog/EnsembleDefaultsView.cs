namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>What a request gets that does not say.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts to ask; null leaves it to the strategy.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="DeadlineMs">Milliseconds until the answer is due.</param>
internal sealed record EnsembleDefaultsView(string Strategy, int? K, string Fusion, int DeadlineMs);
