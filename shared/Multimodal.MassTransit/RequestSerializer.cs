using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Multimodal.MassTransit;

/// <summary>Serializes a message as the raw JSON that the service reads, without MassTransit's own headers.</summary>
internal sealed class RequestSerializer : IMessageSerializer
{
    /// <summary>The only instance.</summary>
    public static RequestSerializer Instance { get; } = new();

    public ContentType ContentType => WireFormat.Json;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new SystemTextJsonRawMessageBody<T>(context, WireFormat.Options);
}
