using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A queue to consume.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Prefetch">The maximum number of messages handled at once.</param>
/// <param name="HandleAsync">Handles one message until its token says that this process has lost it; never throws.</param>
internal sealed record BrokerSubscription(
    string Queue, ushort Prefetch, Func<IReadOnlyBasicProperties, byte[], CancellationToken, Task<Settlement>> HandleAsync)
{
    /// <summary>Declares and binds the queue; does nothing for the queues of <see cref="BrokerTopology"/>.</summary>
    public Func<IChannel, CancellationToken, Task> DeclareAsync { get; init; } = (_, _) => Task.CompletedTask;
}
