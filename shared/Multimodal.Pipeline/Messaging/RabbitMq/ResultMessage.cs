using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Encodes an answer as an AMQP message. The body is the answer as HTTP clients read it; the headers are for gateways. The message id is the
/// request's id, so a consumer can detect a repeat.
/// </summary>
internal static class ResultMessage
{
    /// <summary>AMQP type of an answer.</summary>
    public const string Answer = "multimodal.answer";

    /// <summary>AMQP type of the notification that an answer was recorded.</summary>
    public const string Recorded = "multimodal.recorded";

    /// <summary>AMQP type of the late opinion of a shadow expert.</summary>
    public const string Shadow = "multimodal.shadow";

    private const string Version = "multimodal-version";
    private const string Shadows = "multimodal-shadows";
    private const string Tenant = "multimodal-tenant";
    private const string Subscription = "multimodal-subscription";
    private const string Gateway = "multimodal-gateway";
    private const string Opinions = "multimodal-opinions";
    private const string ReplyTo = "multimodal-reply-to";
    private const string CorrelationId = "multimodal-correlation-id";
    private const string Blobs = "multimodal-blobs";

    /// <summary>The routing key: <c>tenant.subscription.status</c>.</summary>
    public static string RoutingKey(AnswerCombined combined) =>
        $"{combined.Tenant}.{combined.Subscription}.{JsonFormat.Kebab(combined.Answer.Status)}";

    public static (BasicProperties Properties, byte[] Body) Encode(AnswerCombined combined)
    {
        var properties = new BasicProperties
        {
            Type = Answer,
            MessageId = combined.Answer.Id.ToString(),
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>
            {
                [Version] = combined.MessageVersion,
                [Tenant] = combined.Tenant,
                [Subscription] = combined.Subscription,
                [Gateway] = combined.Gateway.ToString(),
                [Blobs] = combined.HasBlobs,
                [Opinions] = JsonSerializer.Serialize(combined.Opinions, JsonFormat.Messages),
            },
        };
        if (combined.Shadows.Count > 0)
        {
            properties.Headers[Shadows] = JsonSerializer.Serialize(combined.Shadows, JsonFormat.Messages);
        }

        if (combined.ReplyTo is { } reply)
        {
            properties.Headers[ReplyTo] = reply.Queue;
            properties.Headers[CorrelationId] = reply.CorrelationId;
        }

        if (Traces.Context is { } context)
        {
            properties.Headers[Traces.Header] = context;
        }

        return (properties, JsonSerializer.SerializeToUtf8Bytes(combined.Answer, JsonFormat.Messages));
    }

    /// <returns>Null if the message cannot be read.</returns>
    public static AnswerCombined? Decode(IReadOnlyBasicProperties properties, byte[] body)
    {
        try
        {
            return new AnswerCombined
            {
                MessageVersion = properties.Headers?.TryGetValue(Version, out var version) == true && version is int number ? number : MessageVersions.Oldest,
                Tenant = Header(properties, Tenant),
                Subscription = Header(properties, Subscription),
                Gateway = Guid.Parse(Header(properties, Gateway)),
                ReplyTo = Text(properties, ReplyTo) is { } queue ? new ReplyAddress(queue, Text(properties, CorrelationId)) : null,
                HasBlobs = properties.Headers?.TryGetValue(Blobs, out var hasBlobs) != true || hasBlobs is not false,
                Opinions = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<double>>>(Header(properties, Opinions), JsonFormat.Messages)!,
                Shadows = Text(properties, Shadows) is { } shadows ? JsonSerializer.Deserialize<ShadowOpinion[]>(shadows, JsonFormat.Messages)! : [],
                Answer = JsonSerializer.Deserialize<FusedAnswer>(body, JsonFormat.Messages)!,
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    public static (BasicProperties Properties, byte[] Body) Encode(ShadowAnswered shadow) => (
        new BasicProperties
        {
            Type = Shadow,
            MessageId = shadow.RequestId.ToString(),
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
        },
        JsonSerializer.SerializeToUtf8Bytes(shadow, JsonFormat.Messages));

    /// <returns>Null if the message cannot be read.</returns>
    public static ShadowAnswered? DecodeShadow(byte[] body) => JsonFormat.TryRead<ShadowAnswered>(body);

    private static string Header(IReadOnlyBasicProperties properties, string name) =>
        Text(properties, name) ?? throw new FormatException($"The header {name} is missing.");

    private static string? Text(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}
