using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Sends the places of refused requests to all gateways, which receive them in the same queue as the heartbeats.</summary>
internal sealed class PlaceChannel(BrokerLink link)
{
    /// <summary>AMQP type of the message. Gateways of earlier versions ignore it.</summary>
    public const string MessageType = "multimodal.places";

    /// <summary>Whether the broker accepts messages.</summary>
    public bool IsOpen => link.IsOpen;

    /// <summary>Publishes places. The message may be lost.</summary>
    /// <exception cref="Exception">The broker is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.</exception>
    public Task SendAsync(WaitingPlaces places, CancellationToken cancellationToken) => link.PublishTransientAsync(
        new BrokerMessage(
            Topology.HeartbeatsExchange,
            "",
            new BasicProperties { Type = MessageType, ContentType = "application/json" },
            JsonSerializer.SerializeToUtf8Bytes(places, JsonFormat.Messages)),
        cancellationToken);
}
