using System.Globalization;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Answers clients that asked by AMQP and said where. A reply queue that is gone loses its replies; the result is in the store.</summary>
internal sealed class ReplySender(BrokerLink link)
{
    /// <summary>AMQP type of a refusal.</summary>
    public const string ProblemType = "multimodal.problem";

    /// <summary>Sends a result, the very JSON that HTTP clients read.</summary>
    public Task SendAsync(ReplyAddress address, Guid request, string result, CancellationToken cancellationToken) => PublishAsync(
        address,
        new BasicProperties { Type = ResultMessage.Answer, MessageId = request.ToString(), ContentType = "application/json" },
        result,
        cancellationToken);

    /// <summary>Sends a refusal, the very problem+json that HTTP clients read.</summary>
    public Task SendAsync(ReplyAddress address, Problem problem, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { Type = ProblemType, ContentType = "application/problem+json" };
        if (problem.RetryAfterSeconds is { } seconds)
        {
            properties.Headers = new Dictionary<string, object?> { ["retry-after"] = seconds.ToString(CultureInfo.InvariantCulture) };
        }

        return PublishAsync(address, properties, JsonSerializer.Serialize(problem.Details, JsonFormat.Options), cancellationToken);
    }

    private Task PublishAsync(ReplyAddress address, BasicProperties properties, string body, CancellationToken cancellationToken)
    {
        properties.DeliveryMode = DeliveryModes.Persistent;
        if (address.CorrelationId is { } correlation)
        {
            properties.CorrelationId = correlation;
        }

        return link.PublishAsync("", address.Queue, properties, Encoding.UTF8.GetBytes(body), cancellationToken);
    }
}
