using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A request that a client sent by AMQP.</summary>
/// <param name="Priority">The queue it came from.</param>
/// <param name="Properties">The client's properties.</param>
/// <param name="Body">The JSON of <c>POST /v1/requests</c>, unchecked.</param>
internal sealed record RequestMessage(Priority Priority, IReadOnlyBasicProperties Properties, byte[] Body)
{
    /// <summary>The client's message id, which is its idempotency key; null if it sent none.</summary>
    public string? MessageId => Properties.MessageId;

    /// <summary>The content type; null if the client sent none.</summary>
    public string? ContentType => Properties.IsContentTypePresent() ? Properties.ContentType : null;

    /// <summary>Where the client wants the answer; null or empty if it does not want one.</summary>
    public string? ReplyTo => Properties.ReplyTo;

    /// <summary>The client's own mark, repeated in the reply.</summary>
    public string? CorrelationId => Properties.CorrelationId;
}
