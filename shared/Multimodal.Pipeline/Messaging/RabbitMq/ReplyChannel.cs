using System.Text;
using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>Replies to clients that sent their request by AMQP with a reply address. If the reply queue is gone, the reply is lost; the result is in the store.</summary>
internal sealed class ReplyChannel(BrokerLink link)
{
    /// <summary>AMQP type of a problem document.</summary>
    public const string ProblemType = "multimodal.problem";

    /// <summary>Sends a result.</summary>
    /// <param name="address">The client's reply address.</param>
    /// <param name="request">The request's id, which becomes the message id.</param>
    /// <param name="result">The JSON that HTTP clients read.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public Task SendResultAsync(ReplyAddress address, Guid request, string result, CancellationToken cancellationToken) => PublishAsync(
        address,
        new BasicProperties { Type = ResultMessage.Answer, MessageId = request.ToString(), ContentType = "application/json" },
        result,
        cancellationToken);

    /// <summary>Sends a refusal.</summary>
    /// <param name="address">The client's reply address.</param>
    /// <param name="problem">The problem+json document that HTTP clients read.</param>
    /// <param name="retryAfter">Seconds after which the same request may succeed, as text; null if it will not.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public Task SendProblemAsync(ReplyAddress address, string problem, string? retryAfter, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { Type = ProblemType, ContentType = "application/problem+json" };
        if (retryAfter is not null)
        {
            properties.Headers = new Dictionary<string, object?> { ["retry-after"] = retryAfter };
        }

        return PublishAsync(address, properties, problem, cancellationToken);
    }

    private Task PublishAsync(ReplyAddress address, BasicProperties properties, string body, CancellationToken cancellationToken)
    {
        properties.DeliveryMode = DeliveryModes.Persistent;
        if (address.CorrelationId is { } correlation)
        {
            properties.CorrelationId = correlation;
        }

        return link.PublishAsync(BrokerMessage.To(address.Queue, properties, Encoding.UTF8.GetBytes(body)), cancellationToken);
    }
}
