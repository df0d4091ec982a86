using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Accepts the true label of an answered request.</summary>
internal sealed class FeedbackEndpoint(RequestStore store, TrustStore trust, TrustCache cache, EnsembleCatalog ensembles, TimeProvider time)
{
    private const int MaxBodyBytes = 65_536;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/requests/{id}/feedback", (FeedbackEndpoint endpoint, HttpContext http, string id) => endpoint.PostAsync(http, id))
            .WithName("PostFeedback")
            .WithTags("requests")
            .WithSummary("Send the true label")
            .WithDescription(
                "Stores the true label of an answered request. An ensemble that learns from feedback learns from it, once. Sending "
                + "the same label again is safe.")
            .Accepts<Feedback>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);

    private async Task<IResult> PostAsync(HttpContext http, string id)
    {
        var body = await JsonBody.ReadAsync<Feedback>(http.Request, MaxBodyBytes, "Send a JSON object with the member 'label', a string such as \"7\".");
        return body.Value is { } feedback ? await StoreAsync(Caller.Of(http).Tenant, id, feedback, http.RequestAborted) : body.Problem!;
    }

    private async Task<IResult> StoreAsync(string tenant, string idText, Feedback feedback, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(idText, out var id)
            || await store.FindAsync(tenant, id, cancellationToken) is not { } request)
        {
            return Problems.UnknownRequest();
        }

        if (ensembles.TryGet(request.Ensemble, out var ensemble) && !ensemble.Package.Labels.Contains(feedback.Label, StringComparer.Ordinal))
        {
            return Problems.UnknownLabel(ensemble.Package.Labels);
        }

        if (request.Result is null)
        {
            return Problems.ResultPending();
        }

        var now = time.GetUtcNow();
        var recorded = ensemble?.Package.Trust is null
            ? await store.AddFeedbackAsync(id, feedback.Label, now)
            : await LearnAsync(tenant, id, ensemble, feedback.Label, now);
        if (recorded == feedback.Label && ensemble?.Package.Trust is null)
        {
            PipelineMetrics.FeedbackGiven(request.Ensemble, "stored");
        }

        return recorded is null ? Problems.UnknownRequest()
            : recorded == feedback.Label ? Results.NoContent()
            : Problems.FeedbackDiffers();
    }

    private async Task<string?> LearnAsync(string tenant, Guid id, Ensemble ensemble, string label, DateTimeOffset now)
    {
        var update = await trust.LearnAsync(tenant, id, ensemble, label, now);
        cache.Update(tenant, ensemble, update.Stored);
        if (update.RecordedLabel == label)
        {
            PipelineMetrics.FeedbackGiven(ensemble.Name, update.IsLearned ? "learned" : update.IsFirst ? "stored" : "repeated");
        }

        return update.RecordedLabel;
    }
}
