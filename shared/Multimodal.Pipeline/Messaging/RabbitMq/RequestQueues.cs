using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>The queues <c>requests</c> and <c>requests.low</c>, to which clients send requests by AMQP.</summary>
/// <param name="link">The connection to the broker.</param>
/// <param name="options">How much of the prefetch low priority gets.</param>
/// <param name="prefetch">The maximum number of requests of normal priority handled at once.</param>
internal sealed class RequestQueues(BrokerLink link, TransportOptions options, int prefetch)
{
    /// <summary>Consumes the queues of all priorities.</summary>
    /// <param name="handle">Handles one request until its token says that this process has lost it; never throws.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public async Task ServeAsync(Func<RequestMessage, CancellationToken, Task<Settlement>> handle, CancellationToken cancellationToken)
    {
        foreach (var priority in Topology.Priorities)
        {
            await link.ServeAsync(
                new BrokerSubscription(
                    Topology.RequestsQueue(priority),
                    (ushort)options.Concurrency(priority, prefetch),
                    (properties, body, lost) => handle(new RequestMessage(priority, properties, body), lost)),
                cancellationToken);
        }
    }

    /// <summary>Moves a request to the queue for low priority, unchanged.</summary>
    public Task MoveToLowAsync(RequestMessage message, CancellationToken cancellationToken) => link.PublishAsync(
        BrokerMessage.To(Topology.RequestsQueue(Priority.Low), new BasicProperties(message.Properties) { UserId = null }, message.Body), cancellationToken);
}
