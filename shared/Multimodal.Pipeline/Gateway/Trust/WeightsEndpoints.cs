using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Look at what an ensemble learned from feedback, save it, put it back, forget it.</summary>
internal sealed class WeightsEndpoints(TrustStore store, TrustBoard board, EnsembleCatalog ensembles, TimeProvider time)
{
    private const string Address = "/v1/ensembles/{name}/weights";

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Address, (WeightsEndpoints endpoints, HttpContext http, string name) =>
                endpoints.GetAsync(Caller.Of(http).Tenant, name, http.RequestAborted))
            .WithName("GetWeights")
            .WithTags("experts")
            .WithSummary("Read what feedback taught")
            .WithDescription("How far the tenant believes each expert, and 'state', all that was learned: PUT this document back to restore it.")
            .Produces<WeightsView>()
            .ProducesProblem(404);
        routes.MapPut(Address, (WeightsEndpoints endpoints, HttpContext http, string name) =>
                endpoints.PutAsync(http.Request, Caller.Of(http).Tenant, name))
            .WithName("PutWeights")
            .WithTags("experts")
            .WithSummary("Restore what feedback taught")
            .WithDescription("Puts 'state' in the place of what was learned since; other members are not read.")
            .Accepts<WeightsBody>("application/json")
            .Produces<WeightsView>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415);
        routes.MapDelete(Address, (WeightsEndpoints endpoints, HttpContext http, string name) => endpoints.DeleteAsync(Caller.Of(http).Tenant, name))
            .WithName("DeleteWeights")
            .WithTags("experts")
            .WithSummary("Forget what feedback taught")
            .WithDescription("Every expert is believed fully again. Feedback that was given stays on record and is not learned from a second time.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(404);
    }

    private async Task<IResult> GetAsync(string tenant, string name, CancellationToken cancellationToken) => Find(name) is not { } ensemble
        ? Missing(name)
        : Results.Ok(View(ensemble, await store.ReadAsync(tenant, ensemble, cancellationToken)));

    private async Task<IResult> PutAsync(HttpRequest request, string tenant, string name)
    {
        if (Find(name) is not { } ensemble)
        {
            return Missing(name);
        }

        var stored = await store.ReadAsync(tenant, ensemble, request.HttpContext.RequestAborted);
        var read = await WeightsReader.ReadAsync(request, ensemble, stored.State);
        return read.Value is { } state
            ? Results.Ok(View(ensemble, await ReplaceAsync(tenant, ensemble, TrustStore.Fit(ensemble, state))))
            : read.Problem!;
    }

    private async Task<IResult> DeleteAsync(string tenant, string name)
    {
        if (Find(name) is not { } ensemble)
        {
            return Missing(name);
        }

        await ReplaceAsync(tenant, ensemble, TrustStore.Start(ensemble));
        return Results.NoContent();
    }

    private async Task<StoredTrust> ReplaceAsync(string tenant, Ensemble ensemble, TrustState state)
    {
        var stored = await store.ReplaceAsync(tenant, ensemble, state, time.GetUtcNow());
        board.Note(tenant, ensemble, stored);
        return stored;
    }

    private Ensemble? Find(string name) => ensembles.TryGet(name, out var ensemble) && ensemble.Package.Trust is not null ? ensemble : null;

    private Problem Missing(string name) => ensembles.TryGet(name, out _) ? Problems.NotLearning() : Problems.UnknownEnsemble();

    private static WeightsView View(Ensemble ensemble, StoredTrust stored)
    {
        var (online, trusted) = (ensemble.Package.Trust!, new Trusted(stored, ensemble.Package.Trust!));
        return new WeightsView(
            ensemble.Name,
            online.Learner,
            online.Loss,
            stored.State.Feedbacks,
            stored.Revision,
            [.. ensemble.Gate.Experts.Select(expert => new ExpertWeightView(
                expert, trusted.TrustOf(expert), trusted.WeightOf(expert), stored.State.Experts[expert].Feedbacks))],
            JsonDocument.Parse(stored.State.ToJson()).RootElement);
    }
}
