using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Tell the truth about an answered request.</summary>
internal sealed class FeedbackEndpoint(RequestStore store, TrustStore trust, TrustBoard board, EnsembleCatalog ensembles, TimeProvider time)
{
    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/requests/{id}/feedback", (FeedbackEndpoint endpoint, HttpContext http, string id, Feedback feedback) =>
                endpoint.PostAsync(Caller.Of(http).Tenant, id, feedback, http.RequestAborted))
            .WithName("PostFeedback")
            .WithTags("requests")
            .WithSummary("Tell the true label")
            .WithDescription(
                "Joins the truth to the stored opinions of an answered request; an ensemble that learns from feedback learns from it, once. Sending "
                + "the same label again is harmless.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);

    private async Task<IResult> PostAsync(string tenant, string idText, Feedback feedback, CancellationToken cancellationToken)
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
        var onRecord = ensemble?.Package.Trust is null
            ? await store.AddFeedbackAsync(id, feedback.Label, now)
            : await LearnAsync(tenant, id, ensemble, feedback.Label, now);
        if (onRecord == feedback.Label && ensemble?.Package.Trust is null)
        {
            PipelineMetrics.FeedbackGiven(request.Ensemble, "stored");
        }

        return onRecord is null ? Problems.UnknownRequest()
            : onRecord == feedback.Label ? Results.NoContent()
            : Problems.FeedbackDiffers();
    }

    private async Task<string?> LearnAsync(string tenant, Guid id, Ensemble ensemble, string label, DateTimeOffset now)
    {
        var learned = await trust.LearnAsync(tenant, id, ensemble, label, now);
        board.Note(tenant, ensemble, learned.Now);
        if (learned.OnRecord == label)
        {
            PipelineMetrics.FeedbackGiven(ensemble.Name, learned.HasTaught ? "learned" : learned.IsFirst ? "stored" : "repeated");
        }

        return learned.OnRecord;
    }
}
