using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Creates, lists and deletes subscriptions.</summary>
internal sealed class SubscriptionEndpoints(
    SubscriptionStore store, SubscriptionReader reader, Readiness readiness, GatewayOptions gatewayOptions, SubscriptionOptions subscriptionOptions, TimeProvider time, SubscriptionQueues? queues = null)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/subscriptions", (SubscriptionEndpoints endpoints, HttpContext http) => endpoints.PostAsync(http))
            .WithName("PostSubscription")
            .WithTags("subscriptions")
            .WithSummary("Subscribe to results")
            .WithDescription(
                "Delivers the results of requests that name the subscription in 'options.subscription'; 'kind' sets how. Posting the same "
                + "settings again is safe and restarts the expiry time: 201 the first time, 200 after that, 409 if the settings differ.")
            .Accepts<SubscriptionBody>("application/json")
            .Produces<SubscriptionView>()
            .Produces<SubscriptionView>(StatusCodes.Status201Created)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
        routes.MapGet("/v1/subscriptions", (SubscriptionEndpoints endpoints, HttpContext http) => endpoints.ListAsync(Caller.Of(http).Tenant, http.RequestAborted))
            .WithName("GetSubscriptions")
            .WithTags("subscriptions")
            .WithSummary("List subscriptions")
            .WithDescription("Lists all subscriptions of the tenant, by name.")
            .Produces<SubscriptionView[]>();
        routes.MapGet("/v1/subscriptions/{name}", (SubscriptionEndpoints endpoints, HttpContext http, string name) =>
                endpoints.GetAsync(Caller.Of(http).Tenant, name, http.RequestAborted))
            .WithName("GetSubscription")
            .WithTags("subscriptions")
            .WithSummary("Read a subscription")
            .WithDescription("Returns one subscription of the tenant.")
            .Produces<SubscriptionView>()
            .ProducesProblem(404);
        routes.MapDelete("/v1/subscriptions/{name}", (SubscriptionEndpoints endpoints, HttpContext http, string name) =>
                endpoints.DeleteAsync(Caller.Of(http).Tenant, name, http.RequestAborted))
            .WithName("DeleteSubscription")
            .WithTags("subscriptions")
            .WithSummary("Delete a subscription")
            .WithDescription("Deletes the subscription. A client queue is deleted with its messages.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(404).ProducesProblem(503);
    }

    private async Task<IResult> PostAsync(HttpContext http)
    {
        if (!readiness.IsReady)
        {
            return Problems.NotReady(readiness, gatewayOptions.RetryAfterSeconds);
        }

        var read = await reader.ReadAsync(http.Request, Caller.Of(http).Tenant);
        if (read.Value is not { } submitted)
        {
            return read.Problem!;
        }

        if (await store.FindAsync(submitted.Tenant, submitted.Name, http.RequestAborted) is { } existing && !existing.IsSameAs(submitted))
        {
            return Problems.SubscriptionDiffers();
        }

        if (submitted.Kind == SubscriptionKind.Queue)
        {
            if (queues is null)
            {
                return Problems.NoBroker();
            }

            // The queue is declared before the row is stored. A queue without a row expires by itself; a row without a queue would name a
            // queue that does not exist.
            if (await OnBrokerAsync(() => queues.DeclareAsync(submitted, http.RequestAborted)) is not { } isDeclared)
            {
                return Problems.BrokerUnavailable(gatewayOptions.RetryAfterSeconds);
            }

            if (!isDeclared)
            {
                return Problems.SubscriptionDiffers();
            }
        }

        return await StoreAsync(http, submitted);
    }

    private async Task<IResult> StoreAsync(HttpContext http, Subscription submitted)
    {
        var isNew = await store.AddAsync(submitted, subscriptionOptions.MaxPerTenant);
        if (!isNew)
        {
            await store.RenewAsync(submitted.Tenant, submitted.Name, time.GetUtcNow());
        }

        if (await store.FindAsync(submitted.Tenant, submitted.Name, http.RequestAborted) is not { } stored)
        {
            return Problems.TooManySubscriptions(subscriptionOptions.MaxPerTenant);
        }

        if (!stored.IsSameAs(submitted))
        {
            return Problems.SubscriptionDiffers();
        }

        return isNew
            ? Results.Created($"/v1/subscriptions/{stored.Name}", View(stored))
            : Results.Ok(View(stored));
    }

    private async Task<IResult> ListAsync(string tenant, CancellationToken cancellationToken) =>
        Results.Ok((await store.ListAsync(tenant, cancellationToken)).Select(View).ToArray());

    private async Task<IResult> GetAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await store.FindAsync(tenant, name, cancellationToken) is { } found
            ? Results.Ok(View(found))
            : Problems.UnknownSubscription();

    private async Task<IResult> DeleteAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        // Another call may renew the subscription in between; then it is read and deleted again.
        Subscription? found;
        do
        {
            found = await store.FindAsync(tenant, name, cancellationToken);
            if (found is null)
            {
                return Problems.UnknownSubscription();
            }

            if (found.Kind == SubscriptionKind.Queue
                && (queues is null || await OnBrokerAsync(() => DeleteQueueAsync(queues, found, cancellationToken)) is null))
            {
                return Problems.BrokerUnavailable(gatewayOptions.RetryAfterSeconds);
            }
        }
        while (!await store.RemoveAsync(found));
        return Results.NoContent();
    }

    private static async Task<bool> DeleteQueueAsync(SubscriptionQueues queues, Subscription subscription, CancellationToken cancellationToken)
    {
        await queues.DeleteAsync(subscription, cancellationToken);
        return true;
    }

    /// <returns>Null if the broker became unavailable.</returns>
    private static async Task<bool?> OnBrokerAsync(Func<Task<bool>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (BrokerConnection.IsConnectionFailure(exception) || exception is TimeoutException)
        {
            return null;
        }
    }

    private static SubscriptionView View(Subscription subscription) => new(
        subscription.Name,
        subscription.Kind,
        subscription.Statuses,
        DateTimeOffset.FromUnixTimeMilliseconds(subscription.CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(subscription.ExpiresAt),
        subscription.ExpiresSeconds,
        subscription.Kind == SubscriptionKind.Queue ? SubscriptionQueues.Describe(subscription) : null,
        subscription.Url is { } url ? new WebhookView(url) : null,
        $"/v1/events?subscription={subscription.Name}");
}
