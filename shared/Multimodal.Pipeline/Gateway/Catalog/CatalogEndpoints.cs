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
                    ? Results.Ok(View(ensemble) with
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
