namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>The options of a request that sets none.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">Maximum number of experts to ask; null if the strategy decides.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="DeadlineMs">Milliseconds from acceptance to the deadline.</param>
internal sealed record EnsembleDefaultsView(string Strategy, int? K, string Fusion, int DeadlineMs);
