using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Multimodal.MassTransit;

/// <summary>Writes a message as the service reads it: raw JSON, and none of the headers that MassTransit adds for itself.</summary>
internal sealed class RequestSerializer : IMessageSerializer
{
    /// <summary>The serializer; stateless.</summary>
    public static RequestSerializer Instance { get; } = new();

    public ContentType ContentType => WireFormat.Json;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new SystemTextJsonRawMessageBody<T>(context, WireFormat.Options);
}
