using System.Text;
using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A request that a client sent over AMQP.</summary>
/// <param name="Priority">The priority of its queue.</param>
/// <param name="Properties">The client's properties.</param>
/// <param name="Body">The JSON of <c>POST /v1/requests</c>, not validated.</param>
internal sealed record RequestMessage(Priority Priority, IReadOnlyBasicProperties Properties, byte[] Body)
{
    /// <summary>The client's message id, which is its idempotency key; null if it sent none.</summary>
    public string? MessageId => Properties.MessageId;

    /// <summary>The content type; null if the client sent none.</summary>
    public string? ContentType => Properties.IsContentTypePresent() ? Properties.ContentType : null;

    /// <summary>The content encoding; null if the client sent none.</summary>
    public string? ContentEncoding => Properties.ContentEncoding;

    /// <summary>The header <c>Cache-Control</c>, with the values of HTTP; null if the client sent none.</summary>
    public string? CacheControl => Properties.Headers?.FirstOrDefault(header => header.Key.Equals("Cache-Control", StringComparison.OrdinalIgnoreCase)).Value switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        { } other => other.ToString(),
        null => null,
    };

    /// <summary>The client's reply queue; null or empty for none.</summary>
    public string? ReplyTo => Properties.ReplyTo;

    /// <summary>The client's correlation id, repeated in the reply.</summary>
    public string? CorrelationId => Properties.CorrelationId;
}
