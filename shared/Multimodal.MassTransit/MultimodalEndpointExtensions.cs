using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.MassTransit;

/// <summary>Adds receive endpoints for the messages of a Multimodal service.</summary>
/// <remarks>
/// Each endpoint has a durable quorum queue of unlimited length, so results are kept while the application is down; the callback may set other
/// queue arguments. After a crash of the service or the application, a result can arrive twice with the same
/// <see cref="MessageContext.MessageId"/>, the request's id. If a consumer fails, MassTransit moves the message to the queue's <c>_error</c> queue as
/// usual. It publishes no fault, because it would declare exchanges for faults.
/// </remarks>
public static class MultimodalEndpointExtensions
{
    /// <summary>
    /// Adds an endpoint for all results of a subscription, whether the requests came over HTTP or AMQP. Consumers are
    /// <c>IConsumer&lt;FusedAnswer&gt;</c>.
    /// </summary>
    /// <param name="bus">The bus, on the service's broker and virtual host.</param>
    /// <param name="queue">The application's own queue; its processes share it.</param>
    /// <param name="tenant">The tenant of the API key, or <c>Multimodal:Gateway:RequestTenant</c> for requests over AMQP.</param>
    /// <param name="subscription">The value of <see cref="MultimodalRequestOptions.Subscription"/> in the requests.</param>
    /// <param name="configure">Adds the consumers.</param>
    public static void MultimodalResults(
        this IRabbitMqBusFactoryConfigurator bus, string queue, string tenant, string subscription, Action<IRabbitMqReceiveEndpointConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ThrowIfInvalidName(tenant, nameof(tenant));
        ThrowIfInvalidName(subscription, nameof(subscription));
        bus.ReceiveEndpoint(queue, endpoint =>
        {
            ReadResults(endpoint);
            endpoint.Bind(ServiceTopology.ResultsExchange, binding =>
            {
                binding.ExchangeType = ExchangeType.Topic;
                binding.RoutingKey = ServiceTopology.ResultsOf(tenant, subscription);
            });
            configure(endpoint);
        });
    }

    /// <summary>
    /// Adds an endpoint for the replies to the application's own requests, sent with this queue as <c>replyTo</c>. Consumers are
    /// <c>IConsumer&lt;FusedAnswer&gt;</c> and, for refused requests, <c>IConsumer&lt;RequestRefused&gt;</c>.
    /// </summary>
    /// <param name="bus">The bus, on the service's broker and virtual host.</param>
    /// <param name="queue">The application's own queue; its processes share it.</param>
    /// <param name="configure">Adds the consumers.</param>
    public static void MultimodalReplies(this IRabbitMqBusFactoryConfigurator bus, string queue, Action<IRabbitMqReceiveEndpointConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.ReceiveEndpoint(queue, endpoint =>
        {
            ReadResults(endpoint);
            configure(endpoint);
        });
    }

    private static void ReadResults(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();

        // The application never publishes these types through MassTransit, so they need no exchanges.
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.AddDeserializer(new ResultDeserializer<FusedAnswer>(WireFormat.Json), isDefault: true);
        endpoint.AddDeserializer(new ResultDeserializer<RequestRefused>(WireFormat.Problem));
    }

    /// <summary>Rejects dots and wildcards, which would match the results of other subscriptions, or none.</summary>
    private static void ThrowIfInvalidName(string value, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameter);
        if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException("The name must consist of ASCII letters, digits, '-' and '_'.", parameter);
        }
    }
}
