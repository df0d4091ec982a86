using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.MassTransit;

/// <summary>Sends requests to a Multimodal service.</summary>
public static class MultimodalSendExtensions
{
    /// <summary>
    /// MassTransit's name for the default exchange, the only address for which it declares nothing. An address that names the service's queue would declare that
    /// queue with other arguments than the service does, which the broker refuses (406); one that names an exchange would create it, bound to nothing.
    /// </summary>
    private static readonly Uri DefaultExchange = new("exchange:amq.rabbitmq.reply-to");

    /// <summary>Sends a request to the service's queue; the broker has stored it when the task ends.</summary>
    /// <param name="provider">The bus, or a consumer's context.</param>
    /// <param name="request">The request.</param>
    /// <param name="replyTo">
    /// The queue of <see cref="MultimodalEndpointExtensions.MultimodalReplies"/>, which gets the result or the refusal. If null, the result goes to its
    /// subscription only, and a refusal becomes a dead letter of the service.
    /// </param>
    /// <param name="id">
    /// The request's id; a new one if null. The service accepts one request per id, so a retry must pass the id of the first attempt.
    /// </param>
    /// <param name="timeToLive">How long the request may wait for a gateway to accept it; without end if null.</param>
    /// <param name="cancellationToken">Gives up; the broker may have the request all the same.</param>
    /// <returns>
    /// The request's id: <see cref="MessageContext.MessageId"/> and <see cref="FusedAnswer.Id"/> of the result, <see cref="MessageContext.CorrelationId"/> of a refusal.
    /// </returns>
    /// <exception cref="MessageReturnedException">The broker has no such queue: no gateway has ever connected to this virtual host.</exception>
    public static async Task<Guid> SendMultimodalRequestAsync(
        this ISendEndpointProvider provider,
        MultimodalRequest request,
        string? replyTo = null,
        Guid? id = null,
        TimeSpan? timeToLive = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(request);
        var requestId = id ?? NewId.NextGuid();
        var endpoint = await provider.GetSendEndpoint(DefaultExchange).ConfigureAwait(false);
        await endpoint.Send(
            request,
            Pipe.Execute<SendContext<MultimodalRequest>>(send =>
            {
                if (!send.TryGetPayload<RabbitMqSendContext>(out var broker))
                {
                    throw new InvalidOperationException("Requests to a Multimodal service need MassTransit's RabbitMQ transport.");
                }

                send.Serializer = RequestSerializer.Instance;
                send.MessageId = requestId;

                // A refusal has no message id, since no request was accepted; it returns the correlation id.
                send.CorrelationId = requestId;
                send.TimeToLive = timeToLive;
                broker.Mandatory = true;
                broker.RoutingKey = request.Options?.Priority == Priority.Low ? ServiceTopology.LowRequestsQueue : ServiceTopology.RequestsQueue;
                if (replyTo is not null)
                {
                    broker.BasicProperties.ReplyTo = replyTo;
                }
            }),
            cancellationToken).ConfigureAwait(false);
        return requestId;
    }
}
