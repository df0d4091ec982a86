using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Keys;
using Multimodal.Pipeline.Requests;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Tell the truth about an answered request.</summary>
internal sealed class FeedbackEndpoint(RequestStore store, EnsembleCatalog ensembles, TimeProvider time)
{
    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/requests/{id}/feedback", (FeedbackEndpoint endpoint, HttpContext http, string id, Feedback feedback) =>
                endpoint.PostAsync(Caller.Of(http).Tenant, id, feedback, http.RequestAborted))
            .WithName("PostFeedback")
            .WithTags("requests")
            .WithSummary("Tell the true label")
            .WithDescription("Joins the truth to the stored opinions of an answered request. Sending the same label again is harmless.")
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

        var onRecord = await store.AddFeedbackAsync(id, feedback.Label, time.GetUtcNow());
        return onRecord == feedback.Label ? Microsoft.AspNetCore.Http.Results.NoContent() : Problems.FeedbackDiffers();
    }
}

/// <summary>The truth about one request.</summary>
/// <param name="Label">One of the ensemble's labels.</param>
internal sealed record Feedback(string Label);
