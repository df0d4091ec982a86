using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A message to publish.</summary>
/// <param name="Exchange">The exchange; empty to address a queue.</param>
/// <param name="RoutingKey">The routing key, or the queue's name.</param>
/// <param name="Properties">Type, id, headers.</param>
/// <param name="Body">The payload.</param>
internal sealed record BrokerMessage(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>When the broker drops the message if no consumer has taken it; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>A message for one queue.</summary>
    public static BrokerMessage To(string queue, BasicProperties properties, ReadOnlyMemory<byte> body) => new("", queue, properties, body);
}
