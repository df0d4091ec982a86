using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Multimodal.MassTransit;

/// <summary>Deserializes messages of one content type as one message type.</summary>
/// <remarks>
/// The service sends results and refusals to the same reply queue, with different content types. MassTransit's raw JSON deserializer would
/// pass both to the consumers of either, because no header names a MassTransit message type.
/// </remarks>
/// <typeparam name="T">The message type.</typeparam>
/// <param name="contentType">The content type.</param>
internal sealed class ResultDeserializer<T>(ContentType contentType) : IMessageDeserializer, ISerializerFactory
    where T : class
{
    private static readonly string[] MessageTypes = [MessageUrn.ForTypeString<T>()];

    public ContentType ContentType => contentType;

    public IMessageDeserializer CreateDeserializer() => this;

    public IMessageSerializer CreateSerializer() => RequestSerializer.Instance;

    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        try
        {
            // Headers are not copied: they are for gateways, and the application must not repeat them in its own messages.
            return new SystemTextJsonRawSerializerContext(
                SystemTextJsonMessageSerializer.Instance,
                WireFormat.Options,
                ContentType,
                new RawMessageContext(headers, destinationAddress, default),
                MessageTypes,
                default,
                JsonSerializer.Deserialize<JsonElement>(body.GetBytes(), WireFormat.Options));
        }
        catch (JsonException exception)
        {
            throw new SerializationException($"The message's content type is {ContentType.MediaType}, but its body is not valid JSON.", exception);
        }
    }

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("multimodal").Add("contentType", ContentType.MediaType);
}
