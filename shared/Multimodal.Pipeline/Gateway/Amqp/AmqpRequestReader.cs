using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>Reads request messages: their properties and their JSON body.</summary>
internal sealed class AmqpRequestReader(SubmissionReader reader, HttpOptions options)
{
    /// <summary>Reads what was submitted.</summary>
    public Outcome<Submission> Read(RequestMessage message)
    {
        if (message.MessageId is { } messageId && !IdempotencyKey.IsValid(messageId))
        {
            return Problems.InvalidMessageId();
        }

        if (message.ContentType is { } contentType && !MediaType(contentType).Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.UnsupportedContentType();
        }

        var submission = message.Body.Length <= options.MaxBodyBytes ? reader.ReadJson(message.Body) : Problems.BodyTooLarge(options.MaxBodyBytes);
        if (submission.Value is not { } read || BelongsToLow(message, read))
        {
            return submission;
        }

        return read with { Options = read.Options with { Priority = message.Priority } };
    }

    /// <summary>Whether a request of low priority came through the queue for normal priority.</summary>
    public static bool BelongsToLow(RequestMessage message, Submission submission) =>
        message.Priority == Priority.Normal && submission.Options.Priority == Priority.Low;

    /// <summary>Reads the reply address. The pipeline's own queues are refused: otherwise a client could write to them through its replies.</summary>
    public static ReplyAddressRead ReadReplyAddress(RequestMessage message) => message.ReplyTo switch
    {
        null or "" => default,
        var queue when Topology.IsOwn(queue) => new ReplyAddressRead(null, Problems.InvalidReplyTo()),
        var queue => new ReplyAddressRead(new ReplyAddress(queue, message.CorrelationId), null),
    };

    private static string MediaType(string contentType) => contentType.Split(';')[0].Trim();
}
