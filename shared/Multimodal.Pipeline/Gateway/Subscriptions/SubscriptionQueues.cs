using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>The client queues of subscriptions.</summary>
internal sealed class SubscriptionQueues(ClientQueues queues)
{
    /// <summary>Where the client consumes its results.</summary>
    public static ClientQueueView Describe(Subscription subscription) =>
        new(NameOf(subscription), Topology.ResultsExchange, RoutingKeys(subscription), subscription.MaxLength!.Value, ClientQueues.Overflow);

    /// <summary>Declares and binds the queue; repeating it changes nothing but restarts its time without use.</summary>
    /// <returns>False if a queue of this name exists with other arguments.</returns>
    public Task<bool> DeclareAsync(Subscription subscription, CancellationToken cancellationToken) => queues.DeclareAsync(
        new ClientQueue(NameOf(subscription), RoutingKeys(subscription), subscription.MaxLength, subscription.ExpiresSeconds * 1000), cancellationToken);

    /// <summary>Whether the broker still has the queue; asking counts as a use.</summary>
    public Task<bool> ExistsAsync(Subscription subscription, CancellationToken cancellationToken) => queues.ExistsAsync(NameOf(subscription), cancellationToken);

    /// <summary>Deletes the queue with its messages.</summary>
    public Task DeleteAsync(Subscription subscription, CancellationToken cancellationToken) => queues.DeleteAsync(NameOf(subscription), cancellationToken);

    private static string NameOf(Subscription subscription) => Topology.ClientQueue(subscription.Tenant, subscription.Name);

    private static string[] RoutingKeys(Subscription subscription) => subscription.Statuses is { Count: > 0 } statuses
        ? [.. statuses.Select(status => $"{subscription.Tenant}.{subscription.Name}.{status}")]
        : [$"{subscription.Tenant}.{subscription.Name}.*"];
}
