using System.Globalization;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Replies to AMQP clients with the same JSON documents that HTTP clients receive.</summary>
internal sealed class ReplySender(ReplyChannel channel)
{
    public Task SendAsync(ReplyAddress address, Guid request, string result, CancellationToken cancellationToken) =>
        channel.SendResultAsync(address, request, result, cancellationToken);

    public Task SendAsync(ReplyAddress address, Problem problem, CancellationToken cancellationToken) => channel.SendProblemAsync(
        address,
        JsonSerializer.Serialize(problem.Details, JsonFormat.Options),
        problem.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture),
        cancellationToken);
}
