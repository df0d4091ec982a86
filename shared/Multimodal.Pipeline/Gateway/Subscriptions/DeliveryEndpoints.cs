using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Lists and retries the deliveries of webhooks.</summary>
internal sealed class DeliveryEndpoints(SubscriptionStore subscriptions, DeliveryStore deliveries, ResultSignals signals, TimeProvider time)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
                "/v1/subscriptions/{name}/deliveries",
                (DeliveryEndpoints endpoints, HttpContext http, string name, string? state, Guid? after, int? limit) =>
                    endpoints.ListAsync(http, name, state, after, limit ?? DefaultLimit))
            .WithName("GetDeliveries")
            .WithTags("subscriptions")
            .WithSummary("List a webhook's deliveries")
            .WithDescription("Lists the deliveries of a webhook, oldest request first. 'state' is waiting, delivered or failed; 'limit' is at most 1,000; 'after' is the last id of the previous page.")
            .Produces<DeliveryPage>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost(
                "/v1/subscriptions/{name}/deliveries/{id}/retry",
                (DeliveryEndpoints endpoints, HttpContext http, string name, string id) =>
                    endpoints.RetryAsync(Caller.Of(http).Tenant, name, id, http.RequestAborted))
            .WithName("PostDeliveryRetry")
            .WithTags("subscriptions")
            .WithSummary("Retry a failed delivery")
            .WithDescription("Retries a failed delivery, with as many attempts as a new one.")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(404).ProducesProblem(409);
    }

    private async Task<IResult> ListAsync(HttpContext http, string name, string? stateText, Guid? after, int limit)
    {
        if (!TryReadState(stateText, out var state))
        {
            return Problems.InvalidQuery("state", "must be waiting, delivered or failed");
        }

        if (limit is < 1 or > MaxLimit)
        {
            return Problems.InvalidQuery("limit", $"must be from 1 to {MaxLimit}");
        }

        var tenant = Caller.Of(http).Tenant;
        if (await ProblemAsync(tenant, name, http.RequestAborted) is { } problem)
        {
            return problem;
        }

        var page = await deliveries.ListAsync(tenant, name, new DeliveryQuery(state, after, limit), http.RequestAborted);
        return Results.Ok(new DeliveryPage(page, page.Count == limit ? page[^1].Id : null));
    }

    private static bool TryReadState(string? text, out DeliveryState? state)
    {
        state = Enum.GetValues<DeliveryState>().Where(known => JsonFormat.Kebab(known) == text).Select(known => (DeliveryState?)known).SingleOrDefault();
        return text is null || state is not null;
    }

    private async Task<IResult> RetryAsync(string tenant, string name, string idText, CancellationToken cancellationToken)
    {
        if (await ProblemAsync(tenant, name, cancellationToken) is { } problem)
        {
            return problem;
        }

        if (!Guid.TryParse(idText, out var id) || !await deliveries.RetryAsync(tenant, name, id, time.GetUtcNow()))
        {
            return Problems.NoFailedDelivery();
        }

        signals.Any.Set();
        return Results.Accepted($"/v1/subscriptions/{name}/deliveries");
    }

    /// <returns>Null if the tenant has a webhook with this name.</returns>
    private async Task<Problem?> ProblemAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await subscriptions.FindAsync(tenant, name, cancellationToken) switch
        {
            null => Problems.UnknownSubscription(),
            { Kind: SubscriptionKind.Webhook } => null,
            _ => Problems.NotAWebhook(),
        };
}
