using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>A queue to consume, and its handler.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Prefetch">The maximum number of messages handled at once.</param>
/// <param name="HandleAsync">Handles one message; its token is cancelled when this process loses the message. Must not throw.</param>
internal sealed record BrokerSubscription(
    string Queue, ushort Prefetch, Func<IReadOnlyBasicProperties, byte[], CancellationToken, Task<Settlement>> HandleAsync)
{
    /// <summary>Declares and binds the queue; does nothing for the queues of <see cref="BrokerTopology"/>.</summary>
    public Func<IChannel, CancellationToken, Task> DeclareAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether the broker forgets a message when it sends it. Such messages may be lost, and need no acknowledgement.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>
    /// The queue to which a redelivered message is moved instead of being handled; null to handle it. A queue with a delivery limit ends a message
    /// that crashes every worker.
    /// </summary>
    public string? RedeliverTo { get; init; }
}
