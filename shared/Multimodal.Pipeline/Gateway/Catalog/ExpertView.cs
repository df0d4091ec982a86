using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>An expert as clients read it.</summary>
/// <param name="Name">Its name, unique in its ensemble.</param>
/// <param name="Ensemble">Its ensemble.</param>
/// <param name="ShadowShare">Share of the requests that a shadow expert is asked about; null for an expert whose opinion counts.</param>
/// <param name="Modality">The modality that it analyzes.</param>
/// <param name="Version">Version of its package.</param>
/// <param name="Description">Its specialty.</param>
/// <param name="Cost">Relative cost of one run.</param>
/// <param name="Licence">SPDX licence expression of the model.</param>
/// <param name="TrainedOn">The data sets that it was trained on.</param>
/// <param name="Workers">Number of worker processes that serve it.</param>
/// <param name="Device">The device that it runs on in one of its workers; null without a worker.</param>
/// <param name="Backlog">Items accepted and not yet answered, over all its workers; null without a worker.</param>
/// <param name="BatchSize">Recent mean number of items per batch; null without a worker.</param>
internal sealed record ExpertView(
    string Name, string Ensemble, double? ShadowShare, Modality Modality, string Version, string Description, double Cost, string Licence,
    IReadOnlyList<string> TrainedOn, int Workers, string? Device, int? Backlog, double? BatchSize);
