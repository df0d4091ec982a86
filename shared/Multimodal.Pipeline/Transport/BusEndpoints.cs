using System.Collections.Concurrent;
using MassTransit;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Transport;

/// <summary>Connects consumers to their queues. The one place that decides durability, prefetch and topology of an endpoint.</summary>
/// <param name="connector">The bus; may still be connecting.</param>
/// <param name="options">Which transport, and how its queues are made.</param>
internal sealed class BusEndpoints(IReceiveEndpointConnector connector, MultimodalOptions options)
{
    private static readonly TimeSpan OwnQueueExpiry = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<(string Queue, HostReceiveEndpointHandle Endpoint)> _commands = [];

    /// <summary>Competes with other processes for the messages of a shared queue that commands are sent to.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="concurrency">The most messages handled at once; also the prefetch, so that one process hoards no work.</param>
    /// <param name="consumer">Thread-safe; lives as long as the process.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public async Task ServeCommandsAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        _commands.Enqueue((queue, await ConnectAsync(queue, concurrency, consumer, Retry, cancellationToken)));

    /// <summary>Takes no more commands and waits for those in hand; opinions and results still come in meanwhile.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when something was unfinished then.</returns>
    public async Task<bool> StopCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            // First what asks the experts: in one process their answers are still needed.
            foreach (var together in _commands.GroupBy(command => !Topology.IsFuseQueue(command.Queue)).OrderBy(group => group.Key))
            {
                await Task.WhenAll(together.Select(command => command.Endpoint.StopAsync(cancellationToken))).WaitAsync(cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested || exception is ConnectionException)
        {
            // A connection that is lost holds nothing any more.
            return !cancellationToken.IsCancellationRequested;
        }
    }

    /// <summary>Competes with other processes for published events; in memory only.</summary>
    public Task ServeEventsAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(queue, concurrency, consumer, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = true;
            Retry(endpoint);
        }, cancellationToken);

    /// <summary>Reads the opinions that were asked for by this process, on a queue that vanishes with it.</summary>
    /// <param name="instance">What <see cref="ReplyAsync"/> is told.</param>
    /// <param name="concurrency">The most messages handled at once.</param>
    /// <param name="consumer">Thread-safe; lives as long as the process.</param>
    /// <param name="cancellationToken">Gives up waiting for the broker.</param>
    public Task ServeOpinionsAsync(string instance, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(Topology.OpinionsQueue(instance), concurrency, consumer, endpoint =>
        {
            if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
            {
                rabbit.Durable = false;
                rabbit.AutoDelete = true;
                rabbit.QueueExpiration = OwnQueueExpiry;
                rabbit.Bind(Topology.OpinionsExchange, binding =>
                {
                    binding.ExchangeType = RabbitMQ.Client.ExchangeType.Direct;
                    binding.RoutingKey = instance;
                });
            }
        }, cancellationToken);

    /// <summary>Sends an opinion to the process that asked for it; lost without harm when that process is gone.</summary>
    /// <param name="context">The question.</param>
    /// <param name="instance">Who asked.</param>
    /// <param name="opinion">The answer.</param>
    public async Task ReplyAsync<T>(ConsumeContext context, string instance, T opinion)
        where T : class
    {
        var address = options.Transport.IsShared ? new Uri($"exchange:{Topology.OpinionsExchange}?type=direct") : OpinionsAddress(instance);
        var endpoint = await context.GetSendEndpoint(address);
        await endpoint.Send(
            opinion,
            send =>
            {
                send.TrySetRoutingKey(instance);
                send.Durable = false;
            },
            context.CancellationToken);
    }

    /// <summary>The queue that reads the faults of this process's questions; in memory only.</summary>
    public Uri? FaultAddress(string instance) => options.Transport.IsShared ? null : OpinionsAddress(instance);

    private static Uri OpinionsAddress(string instance) => Topology.Address(Topology.OpinionsQueue(instance));

    private void Retry(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.UseMessageRetry(retry => retry.Intervals(50, 200, 1000));
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            foreach (var (key, value) in Topology.QueueArguments(options.Transport.Broker))
            {
                rabbit.SetQueueArgument(key, value!);
            }

            // A failure goes back to the queue, for another worker; the queue's delivery limit ends it.
            rabbit.RethrowFaultedMessages();
            rabbit.ThrowOnSkippedMessages();
        }
    }

    private async Task<HostReceiveEndpointHandle> ConnectAsync(
        string queue, int concurrency, object consumer, Action<IReceiveEndpointConfigurator> configure, CancellationToken cancellationToken)
    {
        var handle = connector.ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = concurrency;
            endpoint.ConcurrentMessageLimit = concurrency;
            configure(endpoint);
            endpoint.Instance(consumer);
        });
        await handle.Ready.WaitAsync(cancellationToken);
        return handle;
    }
}
