using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>Describes experts and ensembles.</summary>
internal static class CatalogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/experts", (EnsembleCatalog ensembles, ExpertDirectory experts) =>
                ensembles.All.OrderBy(ensemble => ensemble.Name, StringComparer.Ordinal).SelectMany(ensemble => View(ensemble, experts)).ToArray())
            .WithName("GetExperts")
            .WithTags("experts")
            .WithSummary("List all experts")
            .WithDescription("Every expert of every ensemble: modality, training data, number of workers and load.")
            .Produces<ExpertView[]>();
        routes.MapGet("/v1/ensembles/{name}", async (string name, HttpContext http, EnsembleCatalog ensembles, RolloutRecord record, CancellationToken cancel) =>
                ensembles.TryGet(name, out var ensemble)
                    ? Results.Ok(await ViewAsync(ensemble, Caller.Of(http).Tenant, record, cancel))
                    : Problems.UnknownEnsemble())
            .WithName("GetEnsemble")
            .WithTags("experts")
            .WithSummary("Describe an ensemble")
            .WithDescription("Labels, experts and gate version, the strategies and fusion rules that a request can choose, and the results so far of each version "
                + "of gate and combiner and of each shadow expert, over the tenant's stored requests, at most the newest 100,000 answers of each version.")
            .Produces<EnsembleView>()
            .ProducesProblem(404);
    }

    private static IEnumerable<ExpertView> View(Ensemble ensemble, ExpertDirectory experts) => ensemble.Package.Experts.Select(expert =>
    {
        var (package, workers) = (expert.Package, experts.Find(ensemble.Name, expert.Package.Name));
        return new ExpertView(
            package.Name, ensemble.Name, expert.ShadowShare, package.Modality, package.Version, package.Description, package.Cost, package.Licence, package.TrainedOn,
            workers.Count, workers is [var first, ..] ? first.Device : null, workers.Count > 0 ? workers.Sum(worker => worker.Backlog) : null,
            workers.Count > 0 ? workers.Average(worker => worker.BatchSize) : null);
    });

    private static async Task<EnsembleView> ViewAsync(Ensemble ensemble, string tenant, RolloutRecord record, CancellationToken cancellationToken)
    {
        string[] versions = [.. ensemble.Versions.Select(version => version.Name)];
        return View(ensemble) with
        {
            Versions = RolloutView.Of(ensemble, await record.VersionsAsync(tenant, ensemble.Name, versions, cancellationToken)),
            Shadows = RolloutView.Of(ensemble, await record.ShadowsAsync(tenant, ensemble.Name, versions, cancellationToken)),
        };
    }

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
