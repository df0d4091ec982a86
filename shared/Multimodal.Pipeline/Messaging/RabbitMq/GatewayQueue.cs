using System.Text;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// The queue of one gateway process: heartbeats of workers, places of waiting requests at other gateways, and results of its requests that another
/// gateway recorded.
/// </summary>
internal sealed class GatewayQueue(BrokerLink link)
{
    private const ushort Prefetch = 64;
    private const int MaxLength = 10_000;

    /// <summary>Declares and consumes the queue, which the broker deletes when the process ends.</summary>
    /// <param name="instance">The gateway process.</param>
    /// <param name="onHeartbeat">Handles a heartbeat.</param>
    /// <param name="onPlaces">Handles the places of another gateway.</param>
    /// <param name="onRecorded">Handles a recorded result: the request's id and the result as stored.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    public Task ServeAsync(
        Guid instance, Action<WorkerHeartbeat> onHeartbeat, Action<WaitingPlaces> onPlaces, Action<Guid, string> onRecorded, CancellationToken cancellationToken)
    {
        var queue = Topology.GatewayQueue(instance);
        return link.ServeAsync(new BrokerSubscription(queue, Prefetch, (properties, body, _) => HandleAsync(properties, body)) { DeclareAsync = DeclareAsync }, cancellationToken);

        async Task DeclareAsync(IChannel channel, CancellationToken cancel)
        {
            var arguments = new Dictionary<string, object?> { ["x-max-length"] = MaxLength };
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: cancel);
            await channel.QueueBindAsync(queue, Topology.HeartbeatsExchange, "", cancellationToken: cancel);
        }

        Task<Settlement> HandleAsync(IReadOnlyBasicProperties properties, byte[] body)
        {
            if (properties.Type == ResultMessage.Recorded && Guid.TryParse(properties.MessageId, out var request))
            {
                onRecorded(request, Encoding.UTF8.GetString(body));
            }
            else if (properties.Type == HeartbeatChannel.MessageType && JsonFormat.TryRead<WorkerHeartbeat>(body) is { } heartbeat)
            {
                onHeartbeat(heartbeat);
            }
            else if (properties.Type == PlaceChannel.MessageType && JsonFormat.TryRead<WaitingPlaces>(body) is { } places && places.Gateway != instance)
            {
                onPlaces(places);
            }

            return Task.FromResult(Settlement.Ack);
        }
    }
}
