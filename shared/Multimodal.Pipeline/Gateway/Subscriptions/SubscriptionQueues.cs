using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>
/// The clients' queues on the broker: durable, classic (the broker advises against quorum queues that come and go), bounded in
/// length and in time without use.
/// </summary>
internal sealed class SubscriptionQueues(BrokerLink link)
{
    private const string DropHead = "drop-head";

    /// <summary>Where the client reads.</summary>
    public static ClientQueueView Describe(Subscription subscription) => new(
        Topology.ClientQueue(subscription.Tenant, subscription.Name), Topology.ResultsExchange, RoutingKeys(subscription), subscription.MaxLength!.Value, DropHead);

    /// <summary>Makes the queue and binds it; a repeat changes nothing but starts its time without use anew.</summary>
    /// <returns>False when there is a queue of this name that was made otherwise.</returns>
    public Task<bool> DeclareAsync(Subscription subscription, CancellationToken cancellationToken) => link.AdministerAsync(
        async channel =>
        {
            var queue = Topology.ClientQueue(subscription.Tenant, subscription.Name);
            var arguments = new Dictionary<string, object?>
            {
                ["x-queue-type"] = BrokerOptions.Classic,
                ["x-expires"] = subscription.ExpiresSeconds * 1000,
                ["x-max-length"] = subscription.MaxLength,
                ["x-overflow"] = DropHead,
            };
            try
            {
                await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                return false;
            }

            foreach (var key in RoutingKeys(subscription))
            {
                await channel.QueueBindAsync(queue, Topology.ResultsExchange, key, cancellationToken: cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>
    /// Whether the broker still has the queue. It drops one that nobody used for its time, and asking counts as a use, so ask at
    /// most once in that time.
    /// </summary>
    public Task<bool> ExistsAsync(Subscription subscription, CancellationToken cancellationToken) => link.AdministerAsync(
        async channel =>
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(Topology.ClientQueue(subscription.Tenant, subscription.Name), cancellationToken);
                return true;
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return false;
            }
        },
        cancellationToken);

    /// <summary>Deletes the queue with what is in it.</summary>
    public Task DeleteAsync(Subscription subscription, CancellationToken cancellationToken) => link.AdministerAsync(
        channel => channel.QueueDeleteAsync(Topology.ClientQueue(subscription.Tenant, subscription.Name), cancellationToken: cancellationToken),
        cancellationToken);

    private static string[] RoutingKeys(Subscription subscription) => subscription.Statuses is { Count: > 0 } statuses
        ? [.. statuses.Select(status => $"{subscription.Tenant}.{subscription.Name}.{status}")]
        : [$"{subscription.Tenant}.{subscription.Name}.*"];
}
