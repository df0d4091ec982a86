using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A message to publish.</summary>
/// <param name="Exchange">The exchange; empty for the default exchange.</param>
/// <param name="RoutingKey">The routing key; the queue's name with the default exchange.</param>
/// <param name="Properties">Type, id, headers.</param>
/// <param name="Body">The payload.</param>
internal sealed record BrokerMessage(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>When the broker drops the message if no consumer has received it; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether the broker returns the message if no queue takes it. See <see cref="BrokerLink.PublishTransientAsync"/>.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>A message for one queue.</summary>
    public static BrokerMessage To(string queue, BasicProperties properties, ReadOnlyMemory<byte> body) => new("", queue, properties, body);
}
