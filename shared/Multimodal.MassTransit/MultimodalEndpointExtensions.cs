using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using RabbitMQ.Client;

namespace Multimodal.MassTransit;

/// <summary>Adds receive endpoints for what a Multimodal service sends.</summary>
/// <remarks>
/// Both endpoints have a durable quorum queue without a bound on its length, so results wait while the application is away; the callback may set other
/// queue arguments. A result can come twice, after a crash of the service or the application, with the same
/// <see cref="MessageContext.MessageId"/>, the request's id. When a consumer fails on a message, MassTransit moves it to the queue's <c>_error</c> queue as usual, and
/// publishes no fault, for which it would declare exchanges.
/// </remarks>
public static class MultimodalEndpointExtensions
{
    /// <summary>
    /// Adds an endpoint for the results of a subscription, whichever client sent the request, and over HTTP or AMQP. Consumers are <c>IConsumer&lt;FusedAnswer&gt;</c>.
    /// </summary>
    /// <param name="bus">The bus, on the service's broker and virtual host.</param>
    /// <param name="queue">The application's own queue; its processes share it.</param>
    /// <param name="tenant">Whose results: the tenant of the API key, or of <c>Multimodal:Gateway:RequestTenant</c> for requests by AMQP.</param>
    /// <param name="subscription">What requests name in <see cref="MultimodalRequestOptions.Subscription"/>.</param>
    /// <param name="configure">Adds the consumers.</param>
    public static void MultimodalResults(
        this IRabbitMqBusFactoryConfigurator bus, string queue, string tenant, string subscription, Action<IRabbitMqReceiveEndpointConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ThrowIfNoWord(tenant, nameof(tenant));
        ThrowIfNoWord(subscription, nameof(subscription));
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
    /// <c>IConsumer&lt;FusedAnswer&gt;</c> and, for what the service refuses, <c>IConsumer&lt;RequestRefused&gt;</c>.
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

    /// <summary>A dot or a wildcard would read the results of other subscriptions, or none.</summary>
    private static void ThrowIfNoWord(string value, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameter);
        if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException("The name must consist of ASCII letters, digits, '-' and '_'.", parameter);
        }
    }
}
