using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.MassTransit;

/// <summary>Sends requests to a Multimodal service.</summary>
public static class MultimodalSendExtensions
{
    /// <summary>
    /// MassTransit's name for the default exchange, the only address for which it declares nothing. For the address of the service's queue, it would declare
    /// that queue with different arguments, which the broker refuses (406). For the address of an exchange, it would create one without bindings.
    /// </summary>
    private static readonly Uri DefaultExchange = new("exchange:amq.rabbitmq.reply-to");

    /// <summary>Sends a request to the service's queue. The task completes when the broker has stored the request.</summary>
    /// <param name="provider">The bus, or a consumer's context.</param>
    /// <param name="request">The request.</param>
    /// <param name="replyTo">
    /// The queue of <see cref="MultimodalEndpointExtensions.MultimodalReplies"/>, which gets the result or the refusal. If null, the result goes only to
    /// its subscription, and a refused request becomes a dead letter.
    /// </param>
    /// <param name="id">
    /// The request's id; a new one if null. The service accepts one request per id, so a retry must pass the id of the first attempt.
    /// </param>
    /// <param name="timeToLive">How long the request may wait for a gateway to accept it; null for no limit.</param>
    /// <param name="cancellationToken">Stops waiting; the broker may still have stored the request.</param>
    /// <returns>
    /// The request's id: <see cref="MessageContext.MessageId"/> and <see cref="FusedAnswer.Id"/> of the result, <see cref="MessageContext.CorrelationId"/> of a refusal.
    /// </returns>
    /// <exception cref="MessageReturnedException">
    /// The broker does not have the queue, because no gateway has connected to this virtual host yet.
    /// </exception>
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
                    throw new InvalidOperationException("Requests to a Multimodal service require MassTransit's RabbitMQ transport. Configure the bus with UsingRabbitMq.");
                }

                send.Serializer = RequestSerializer.Instance;
                send.MessageId = requestId;

                // A refusal carries the correlation id instead of the message id, because no request was accepted.
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
