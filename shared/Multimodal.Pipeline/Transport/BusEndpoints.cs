using MassTransit;

namespace Multimodal.Pipeline.Transport;

/// <summary>Connects consumers to their queues. The one place that decides durability, prefetch and topology of an endpoint.</summary>
/// <param name="connector">The running bus.</param>
internal sealed class BusEndpoints(IReceiveEndpointConnector connector)
{
    /// <summary>Competes with other processes for the messages of a shared queue that commands are sent to.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">The most messages handled at once; also the prefetch, so that one process hoards no work.</param>
    /// <param name="consumer">Thread-safe; lives as long as the process.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public Task ServeCommandsAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(queue, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            Limit(endpoint, concurrency);
            endpoint.UseMessageRetry(retry => retry.Intervals(50, 200, 1000));
            endpoint.Instance(consumer);
        }, cancellationToken);

    /// <summary>Competes with other processes for published events.</summary>
    public Task ServeEventsAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(queue, endpoint =>
        {
            Limit(endpoint, concurrency);
            endpoint.UseMessageRetry(retry => retry.Intervals(50, 200, 1000));
            endpoint.Instance(consumer);
        }, cancellationToken);

    /// <summary>Reads this process's own queue, which vanishes with the process.</summary>
    public Task ServeOwnQueueAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(new OwnQueue(queue), endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            Limit(endpoint, concurrency);
            endpoint.Instance(consumer);
        }, cancellationToken);

    private static void Limit(IReceiveEndpointConfigurator endpoint, int concurrency)
    {
        endpoint.PrefetchCount = concurrency;
        endpoint.ConcurrentMessageLimit = concurrency;
    }

    private async Task ConnectAsync(string queue, Action<IReceiveEndpointConfigurator> configure, CancellationToken cancellationToken) =>
        await connector.ConnectReceiveEndpoint(queue, (_, endpoint) => configure(endpoint)).Ready.WaitAsync(cancellationToken);

    private async Task ConnectAsync(IEndpointDefinition queue, Action<IReceiveEndpointConfigurator> configure, CancellationToken cancellationToken) =>
        await connector.ConnectReceiveEndpoint(queue, DefaultEndpointNameFormatter.Instance, (_, endpoint) => configure(endpoint)).Ready
            .WaitAsync(cancellationToken);

    /// <summary>A temporary queue under a name we know, because replies are addressed to it.</summary>
    private sealed class OwnQueue(string name) : IEndpointDefinition
    {
        public bool ConfigureConsumeTopology => false;

        public bool IsTemporary => true;

        public int? PrefetchCount => null;

        public int? ConcurrentMessageLimit => null;

        public string GetEndpointName(IEndpointNameFormatter formatter) => name;

        public void Configure<T>(T configurator, IRegistrationContext? context)
            where T : IReceiveEndpointConfigurator
        {
        }
    }
}
