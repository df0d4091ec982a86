using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Subscribe to results, look at subscriptions, end them.</summary>
internal sealed class SubscriptionEndpoints(
    SubscriptionStore store, SubscriptionReader reader, Readiness readiness, GatewayOptions gatewayOptions, SubscriptionOptions subscriptionOptions, TimeProvider time, SubscriptionQueues? queues = null)
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/subscriptions", (SubscriptionEndpoints endpoints, HttpContext http) => endpoints.PostAsync(http))
            .WithName("PostSubscription")
            .WithTags("subscriptions")
            .WithSummary("Subscribe to results")
            .WithDescription(
                "Results of requests that name the subscription in 'options.subscription' reach the client as its kind says. Sending the same "
                + "again is harmless and starts its time anew: 201 the first time, 200 after that, 409 when it asks for something else.")
            .Accepts<SubscriptionBody>("application/json")
            .Produces<SubscriptionView>()
            .Produces<SubscriptionView>(StatusCodes.Status201Created)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
        routes.MapGet("/v1/subscriptions", (SubscriptionEndpoints endpoints, HttpContext http) => endpoints.ListAsync(Caller.Of(http).Tenant, http.RequestAborted))
            .WithName("GetSubscriptions")
            .WithTags("subscriptions")
            .WithSummary("List subscriptions")
            .WithDescription("All subscriptions of the tenant, by name.")
            .Produces<SubscriptionView[]>();
        routes.MapGet("/v1/subscriptions/{name}", (SubscriptionEndpoints endpoints, HttpContext http, string name) =>
                endpoints.GetAsync(Caller.Of(http).Tenant, name, http.RequestAborted))
            .WithName("GetSubscription")
            .WithTags("subscriptions")
            .WithSummary("Read a subscription")
            .WithDescription("One subscription of the tenant.")
            .Produces<SubscriptionView>()
            .ProducesProblem(404);
        routes.MapDelete("/v1/subscriptions/{name}", (SubscriptionEndpoints endpoints, HttpContext http, string name) =>
                endpoints.DeleteAsync(Caller.Of(http).Tenant, name, http.RequestAborted))
            .WithName("DeleteSubscription")
            .WithTags("subscriptions")
            .WithSummary("End a subscription")
            .WithDescription("Ends the subscription; a queue goes with what is in it.")
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
        if (read.Value is not { } wanted)
        {
            return read.Problem!;
        }

        if (await store.FindAsync(wanted.Tenant, wanted.Name, http.RequestAborted) is { } there && !there.IsSameAs(wanted))
        {
            return Problems.SubscriptionDiffers();
        }

        if (wanted.Kind == SubscriptionKind.Queue)
        {
            if (queues is null)
            {
                return Problems.NoBroker();
            }

            // Before the row: a queue without one ends by itself, a row without one would promise what is not there.
            if (await OnBrokerAsync(() => queues.DeclareAsync(wanted, http.RequestAborted)) is not { } isDeclared)
            {
                return Problems.BrokerAway(gatewayOptions.RetryAfterSeconds);
            }

            if (!isDeclared)
            {
                return Problems.SubscriptionDiffers();
            }
        }

        return await StoreAsync(http, wanted);
    }

    private async Task<IResult> StoreAsync(HttpContext http, Subscription wanted)
    {
        var isNew = await store.AddAsync(wanted, subscriptionOptions.MaxPerTenant);
        if (!isNew)
        {
            await store.RenewAsync(wanted.Tenant, wanted.Name, time.GetUtcNow());
        }

        if (await store.FindAsync(wanted.Tenant, wanted.Name, http.RequestAborted) is not { } stored)
        {
            return Problems.TooManySubscriptions(subscriptionOptions.MaxPerTenant);
        }

        if (!stored.IsSameAs(wanted))
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
        // Renewed in between by somebody who uses it, it is removed all the same.
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
                return Problems.BrokerAway(gatewayOptions.RetryAfterSeconds);
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

    /// <returns>Null when the broker went away meanwhile.</returns>
    private static async Task<bool?> OnBrokerAsync(Func<Task<bool>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (BrokerConnection.IsAway(exception) || exception is TimeoutException)
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
