using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>One expert.</summary>
/// <param name="Name">Its name, unique in its ensemble.</param>
/// <param name="Ensemble">Its ensemble.</param>
/// <param name="ShadowShare">Share of the requests about which it is asked without counting; null when it counts.</param>
/// <param name="Modality">What it judges.</param>
/// <param name="Version">Its package's version.</param>
/// <param name="Description">What it is a specialist in.</param>
/// <param name="Cost">Relative cost of one run.</param>
/// <param name="Licence">SPDX licence expression of the model.</param>
/// <param name="TrainedOn">What it was trained on.</param>
/// <param name="Workers">Processes that serve it.</param>
/// <param name="Device">The device that runs it, in one of them; null when there is none.</param>
/// <param name="Backlog">Items accepted and not yet answered, in all of them; null when there is none.</param>
/// <param name="BatchSize">Recent mean of items per batch; null when no worker serves it.</param>
internal sealed record ExpertView(
    string Name, string Ensemble, double? ShadowShare, Modality Modality, string Version, string Description, double Cost, string Licence,
    IReadOnlyList<string> TrainedOn, int Workers, string? Device, int? Backlog, double? BatchSize);
