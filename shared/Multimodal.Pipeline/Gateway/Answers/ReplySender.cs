using System.Globalization;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Replies to clients that sent their request by AMQP with a reply address, with the documents that HTTP clients read.</summary>
internal sealed class ReplySender(ReplyChannel channel)
{
    /// <summary>Sends a result.</summary>
    public Task SendAsync(ReplyAddress address, Guid request, string result, CancellationToken cancellationToken) =>
        channel.SendResultAsync(address, request, result, cancellationToken);

    /// <summary>Sends a refusal.</summary>
    public Task SendAsync(ReplyAddress address, Problem problem, CancellationToken cancellationToken) => channel.SendProblemAsync(
        address,
        JsonSerializer.Serialize(problem.Details, JsonFormat.Options),
        problem.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture),
        cancellationToken);
}
