using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Multimodal.MassTransit;

/// <summary>Reads one content type as one message type.</summary>
/// <remarks>
/// The service sends results and refusals to the same reply queue and tells them apart by content type. MassTransit's raw JSON deserializer would
/// offer either to the consumers of both, since no header names a MassTransit message type.
/// </remarks>
/// <typeparam name="T">What messages of the content type hold.</typeparam>
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
            // No options that copy headers: those of the service are for gateways, and nothing the application sends may carry them.
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
            throw new SerializationException($"The message is not JSON, although its content type is {ContentType.MediaType}.", exception);
        }
    }

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("multimodal").Add("contentType", ContentType.MediaType);
}
