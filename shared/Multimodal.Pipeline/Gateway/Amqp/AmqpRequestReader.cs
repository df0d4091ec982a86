using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Amqp;

/// <summary>Reads request messages: properties and JSON body.</summary>
internal sealed class AmqpRequestReader(SubmissionReader reader, HttpOptions options)
{
    /// <summary>Reads the submission in a message.</summary>
    public async Task<Outcome<Submission>> ReadAsync(RequestMessage message)
    {
        if (message.MessageId is { } messageId && !IdempotencyKey.IsValid(messageId))
        {
            return Problems.InvalidMessageId();
        }

        string? charset = null;
        if (message.ContentType is { Length: > 0 } contentType && !JsonBody.IsJson(contentType, out charset))
        {
            return Problems.UnsupportedMessageType(contentType);
        }

        var body = await DecodeAsync(message);
        if (body.Value is not { } json)
        {
            return body.Problem!;
        }

        var submission = reader.ReadJson(json, charset);
        if (submission.Value is not { } read || BelongsToLow(message, read))
        {
            return submission;
        }

        return read with { Options = read.Options with { Priority = message.Priority } };
    }

    /// <summary>Whether a low-priority request arrived through the normal queue.</summary>
    public static bool BelongsToLow(RequestMessage message, Submission submission) =>
        message.Priority == Priority.Normal && submission.Options.Priority == Priority.Low;

    /// <summary>
    /// Reads the reply address. The service's own queues are refused, because a client could otherwise write to them through its replies.
    /// </summary>
    public static ReplyAddressRead ReadReplyAddress(RequestMessage message) => message.ReplyTo switch
    {
        null or "" => default,
        var queue when Topology.IsOwn(queue) => new ReplyAddressRead(null, Problems.InvalidReplyTo()),
        var queue => new ReplyAddressRead(new ReplyAddress(queue, message.CorrelationId), null),
    };

    /// <summary>Decompresses the body. Some AMQP libraries write a charset into content_encoding; the JSON itself shows which one it is.</summary>
    private async Task<Outcome<byte[]>> DecodeAsync(RequestMessage message)
    {
        if (message.Body.Length > options.MaxBodyBytes)
        {
            return Problems.BodyTooLarge(options.MaxBodyBytes);
        }

        var encoding = message.ContentEncoding ?? "";
        if (encoding.StartsWith("utf", StringComparison.OrdinalIgnoreCase) || encoding.Equals("binary", StringComparison.OrdinalIgnoreCase))
        {
            return message.Body;
        }

        return !ContentCodings.TryFind(encoding, out var coding) ? Problems.UnsupportedCoding(encoding, ContentCodings.Supported)
            : coding is null ? message.Body
            : await ContentCodings.DecodeAsync(coding, message.Body, options.MaxBodyBytes);
    }
}
