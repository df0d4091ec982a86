using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Carries the time of the gateways to the other processes.</summary>
internal sealed class ClockChannel(BrokerLink link)
{
    /// <summary>AMQP type of a beacon.</summary>
    public const string MessageType = "multimodal.clock";

    /// <summary>A beacon that waits longer says little about the time.</summary>
    private const string Expiration = "1000";

    private readonly string _queue = Topology.ClockQueue(Guid.NewGuid());

    /// <summary>Whether the broker accepts messages.</summary>
    public bool IsOpen => link.IsOpen;

    /// <summary>Publishes one beacon, which may be lost.</summary>
    /// <exception cref="Exception">The broker is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.</exception>
    public Task SendAsync(ClockBeacon beacon, CancellationToken cancellationToken) => link.PublishTransientAsync(
        new BrokerMessage(
            Topology.ClockExchange,
            "",
            new BasicProperties { Type = MessageType, ContentType = "application/json", Expiration = Expiration },
            JsonSerializer.SerializeToUtf8Bytes(beacon, JsonFormat.Messages)),
        cancellationToken);

    /// <summary>Consumes beacons from a queue that the broker deletes when the process ends. The queue keeps the newest one.</summary>
    /// <param name="onBeacon">Handles one beacon.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    public Task ServeAsync(Action<ClockBeacon> onBeacon, CancellationToken cancellationToken)
    {
        return link.ServeAsync(new BrokerSubscription(_queue, 1, (properties, body, _) => HandleAsync(properties, body)) { DeclareAsync = DeclareAsync }, cancellationToken);

        async Task DeclareAsync(IChannel channel, CancellationToken cancel)
        {
            var arguments = new Dictionary<string, object?> { ["x-max-length"] = 1 };
            await channel.QueueDeclareAsync(_queue, durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: cancel);
            await channel.QueueBindAsync(_queue, Topology.ClockExchange, "", cancellationToken: cancel);
        }

        Task<Settlement> HandleAsync(IReadOnlyBasicProperties properties, byte[] body)
        {
            if (properties.Type == MessageType && JsonFormat.TryRead<ClockBeacon>(body) is { } beacon)
            {
                onBeacon(beacon);
            }

            return Task.FromResult(Settlement.Ack);
        }
    }
}
