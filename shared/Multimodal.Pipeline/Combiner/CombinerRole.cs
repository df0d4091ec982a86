using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Connects a combiner to its own queue of opinions, then to the shared queues of requests.</summary>
internal sealed class CombinerRole(
    IWorkChannel work, FuseConsumer fuses, OpinionConsumer opinions, PendingRequests pending, CombinerOptions combinerOptions, TransportOptions transportOptions)
{
    /// <summary>Starts to consume. The ensembles must be loaded.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await work.ServeOpinionsAsync(pending.Instance, opinions.ConsumeAsync, opinions.ConsumeAsync, cancellationToken);
        foreach (var priority in Topology.Priorities)
        {
            await work.ServeCommandsAsync<Fuse>(
                Topology.FuseQueue(priority), transportOptions.Concurrency(priority, combinerOptions.Concurrency), fuses.ConsumeAsync, cancellationToken);
        }
    }
}
