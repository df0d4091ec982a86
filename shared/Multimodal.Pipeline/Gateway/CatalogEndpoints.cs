using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Keys;
using Multimodal.Pipeline.Requests;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Who can be asked.</summary>
internal static class CatalogEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/experts", (EnsembleCatalog ensembles, ExpertDirectory experts) =>
                ensembles.All.OrderBy(ensemble => ensemble.Name, StringComparer.Ordinal).SelectMany(ensemble => View(ensemble, experts)).ToArray())
            .WithName("GetExperts")
            .WithTags("experts")
            .WithSummary("List all experts")
            .WithDescription("Every expert of every ensemble: what it judges, what it was trained on, whether it is served and how busy it is.")
            .Produces<ExpertView[]>();
        routes.MapGet("/v1/ensembles/{name}", async (string name, HttpContext http, EnsembleCatalog ensembles, RolloutRecord record, CancellationToken cancel) =>
                ensembles.TryGet(name, out var ensemble)
                    ? Microsoft.AspNetCore.Http.Results.Ok(View(ensemble) with
                    {
                        Versions = RolloutView.Of(ensemble, await record.VersionsAsync(Caller.Of(http).Tenant, name, cancel)),
                        Shadows = RolloutView.Of(ensemble, await record.ShadowsAsync(Caller.Of(http).Tenant, name, cancel)),
                    })
                    : Problems.UnknownEnsemble())
            .WithName("GetEnsemble")
            .WithTags("experts")
            .WithSummary("Describe an ensemble")
            .WithDescription("Its labels and experts, its gate, the strategies and fusion rules that a request can choose, and how each version of gate and "
                + "combiner and each expert in shadow has done over the tenant's requests that the store remembers.")
            .Produces<EnsembleView>()
            .ProducesProblem(404);
    }

    private static IEnumerable<ExpertView> View(Ensemble ensemble, ExpertDirectory experts) => ensemble.Package.Experts.Select(expert =>
    {
        var (package, workers) = (expert.Package, experts.Find(ensemble.Name, expert.Package.Name));
        return new ExpertView(
            package.Name, ensemble.Name, expert.ShadowShare, package.Modality, package.Version, package.Description, package.Cost, package.Licence, package.TrainedOn,
            workers.Count, workers is [var some, ..] ? some.Device : null, workers.Count > 0 ? workers.Sum(worker => worker.Backlog) : null,
            workers.Count > 0 ? workers.Average(worker => worker.BatchSize) : null);
    });

    private static EnsembleView View(Ensemble ensemble)
    {
        var (package, defaults) = (ensemble.Package, ensemble.Package.Defaults);
        return new EnsembleView(
            package.Name,
            package.Version,
            package.Labels,
            [.. package.Experts.Select(expert => expert.Package.Name)],
            ensemble.Gate.Version,
            SelectionStrategies.Table.Names,
            ensemble.Fusions,
            new EnsembleDefaultsView(defaults.Strategy, defaults.K, defaults.Fusion, (int)defaults.Deadline.TotalMilliseconds));
    }
}

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

/// <summary>One ensemble.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Labels">The answers it can give.</param>
/// <param name="Experts">Its experts, in the gate's order.</param>
/// <param name="Gate">The promoted version of its gate.</param>
/// <param name="Strategies">What <c>options.strategy</c> can be.</param>
/// <param name="Fusions">What <c>options.fusion</c> can be.</param>
/// <param name="Defaults">What a request gets that does not say.</param>
internal sealed record EnsembleView(
    string Name, string Version, IReadOnlyList<string> Labels, IReadOnlyList<string> Experts, string Gate,
    IReadOnlyList<string> Strategies, IReadOnlyList<string> Fusions, EnsembleDefaultsView Defaults)
{
    /// <summary>Its versions of gate and combiner, the promoted one first.</summary>
    public IReadOnlyList<VersionView> Versions { get; init; } = [];

    /// <summary>Its experts in shadow.</summary>
    public IReadOnlyList<ShadowView> Shadows { get; init; } = [];
}

/// <summary>What a request gets that does not say.</summary>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts to ask; null leaves it to the strategy.</param>
/// <param name="Fusion">Name of the fusion rule.</param>
/// <param name="DeadlineMs">Milliseconds until the answer is due.</param>
internal sealed record EnsembleDefaultsView(string Strategy, int? K, string Fusion, int DeadlineMs);
