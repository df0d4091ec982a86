using System.Collections.Concurrent;
using MassTransit;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Transport;

/// <summary>Work on the in-memory bus: everything is in this process.</summary>
/// <param name="bus">Takes what is sent.</param>
/// <param name="connector">The same bus; may still be starting.</param>
/// <param name="time">The clock.</param>
internal sealed class BusWork(IBus bus, IReceiveEndpointConnector connector, TimeProvider time) : IWorkChannel
{
    // Taking an opinion is a look into a dictionary.
    private const int OpinionConcurrency = 4;
    private readonly ConcurrentQueue<(string Queue, HostReceiveEndpointHandle Endpoint)> _commands = [];

    public Task SendAsync(Fuse fuse, CancellationToken cancellationToken) => SendAsync(Topology.FuseQueue(fuse.Priority), fuse, null, cancellationToken);

    public Task SendAsync(Analyze analyze, Priority priority, CancellationToken cancellationToken) => SendAsync(
        Topology.ExpertQueue(analyze.Ensemble, analyze.Expert, priority),
        analyze,
        send =>
        {
            // A worker that fails on the message says so at once instead of costing the whole deadline.
            send.FaultAddress = OpinionsAddress(analyze.ReplyTo);
            var left = analyze.Deadline - time.GetUtcNow();
            send.TimeToLive = left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        },
        cancellationToken);

    public async Task ReplyAsync<T>(string instance, T opinion, CancellationToken cancellationToken)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(OpinionsAddress(instance));
        await endpoint.Send(opinion, cancellationToken);
    }

    public async Task ServeCommandsAsync<T>(string queue, int concurrency, Func<Incoming<T>, Task> handle, CancellationToken cancellationToken)
        where T : class =>
        _commands.Enqueue((queue, await ConnectAsync(queue, concurrency, new Consumer<T>(handle), Retry, cancellationToken)));

    /// <summary>Competes for published events.</summary>
    public Task ServeEventsAsync(string queue, int concurrency, object consumer, CancellationToken cancellationToken) =>
        ConnectAsync(queue, concurrency, consumer, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = true;
            Retry(endpoint);
        }, cancellationToken);

    public Task ServeOpinionsAsync(
        string instance, Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined, CancellationToken cancellationToken) =>
        ConnectAsync(Topology.OpinionsQueue(instance), OpinionConcurrency, new OpinionReader(answered, declined), _ => { }, cancellationToken);

    public async Task<bool> StopCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            // First what asks the experts: their answers are still needed.
            foreach (var together in _commands.GroupBy(command => !Topology.IsFuseQueue(command.Queue)).OrderBy(group => group.Key))
            {
                await Task.WhenAll(together.Select(command => command.Endpoint.StopAsync(cancellationToken))).WaitAsync(cancellationToken);
            }

            return true;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static Uri OpinionsAddress(string instance) => Topology.Address(Topology.OpinionsQueue(instance));

    private static void Retry(IReceiveEndpointConfigurator endpoint) => endpoint.UseMessageRetry(retry => retry.Intervals(Topology.RetryPauses));

    private async Task SendAsync<T>(string queue, T command, Action<SendContext>? configure, CancellationToken cancellationToken)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(Topology.Address(queue));
        await endpoint.Send(command, send => configure?.Invoke(send), cancellationToken);
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

    private sealed class Consumer<T>(Func<Incoming<T>, Task> handle) : IConsumer<T>
        where T : class
    {
        public Task Consume(ConsumeContext<T> context) =>
            handle(new Incoming<T>(context.Message, context.Headers.Get<string>(Traces.Header), context.CancellationToken));
    }

    private sealed class OpinionReader(Func<Incoming<ExpertAnswered>, Task> answered, Func<Incoming<ExpertDeclined>, Task> declined)
        : IConsumer<ExpertAnswered>, IConsumer<ExpertDeclined>, IConsumer<Fault<Analyze>>
    {
        public Task Consume(ConsumeContext<ExpertAnswered> context) =>
            answered(new Incoming<ExpertAnswered>(context.Message, null, context.CancellationToken));

        public Task Consume(ConsumeContext<ExpertDeclined> context) =>
            declined(new Incoming<ExpertDeclined>(context.Message, null, context.CancellationToken));

        public Task Consume(ConsumeContext<Fault<Analyze>> context)
        {
            var asked = context.Message.Message;
            var opinion = new ExpertDeclined
            {
                RequestId = asked.RequestId,
                Expert = asked.Expert,
                Reason = DeclineReason.ModelFailed,
                Detail = "The worker failed on this request; its log says why.",
            };
            return declined(new Incoming<ExpertDeclined>(opinion, null, context.CancellationToken));
        }
    }
}
