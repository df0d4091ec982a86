using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>What became of the results that a webhook should get.</summary>
internal sealed class DeliveryEndpoints(SubscriptionStore subscriptions, DeliveryStore deliveries, ResultSignals signals, TimeProvider time)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
                "/v1/subscriptions/{name}/deliveries",
                (DeliveryEndpoints endpoints, HttpContext http, string name, string? state, Guid? after, int? limit) =>
                    endpoints.ListAsync(Caller.Of(http).Tenant, name, state, after, limit ?? DefaultLimit, http.RequestAborted))
            .WithName("GetDeliveries")
            .WithTags("subscriptions")
            .WithSummary("List a webhook's deliveries")
            .WithDescription("Deliveries of a webhook, those of the oldest requests first: 'state' is waiting, delivered or failed, 'limit' up to 1,000, 'after' the last id of the page before.")
            .Produces<DeliveryPage>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost(
                "/v1/subscriptions/{name}/deliveries/{id}/retry",
                (DeliveryEndpoints endpoints, HttpContext http, string name, string id) =>
                    endpoints.RetryAsync(Caller.Of(http).Tenant, name, id, http.RequestAborted))
            .WithName("PostDeliveryRetry")
            .WithTags("subscriptions")
            .WithSummary("Try a failed delivery anew")
            .WithDescription("Tries a delivery that has failed again, as often as a new one.")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(404).ProducesProblem(409);
    }

    private async Task<IResult> ListAsync(string tenant, string name, string? stateText, Guid? after, int limit, CancellationToken cancellationToken)
    {
        DeliveryState? state = null;
        if (stateText is not null)
        {
            var named = Enum.GetValues<DeliveryState>().Where(known => JsonFormat.Kebab(known) == stateText).ToArray();
            if (named is not [var one])
            {
                return Problems.InvalidQuery("state", "must be waiting, delivered or failed");
            }

            state = one;
        }

        if (limit is < 1 or > MaxLimit)
        {
            return Problems.InvalidQuery("limit", $"must be from 1 to {MaxLimit}");
        }

        if (await ProblemAsync(tenant, name, cancellationToken) is { } problem)
        {
            return problem;
        }

        var page = await deliveries.ListAsync(tenant, name, state, after, limit, cancellationToken);
        return Results.Ok(new DeliveryPage(page, page.Count == limit ? page[^1].Id : null));
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

    /// <returns>Null when the tenant has a webhook of this name.</returns>
    private async Task<Problem?> ProblemAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await subscriptions.FindAsync(tenant, name, cancellationToken) switch
        {
            null => Problems.UnknownSubscription(),
            { Kind: SubscriptionKind.Webhook } => null,
            _ => Problems.NotAWebhook(),
        };
}
