using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Connects a combiner: its own queue for opinions first, then the competing queue of work.</summary>
internal sealed class CombinerRole(
    IWorkChannel work, FuseConsumer fuses, OpinionConsumer opinions, PendingRequests pending, CombinerOptions combinerOptions, TransportOptions transportOptions)
{
    /// <summary>Starts to take work; the ensembles must be loaded.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await work.ServeOpinionsAsync(pending.Instance, opinions.TakeAsync, opinions.TakeAsync, cancellationToken);
        foreach (var priority in Topology.Priorities)
        {
            await work.ServeCommandsAsync<Fuse>(
                Topology.FuseQueue(priority), transportOptions.Concurrency(priority, combinerOptions.Concurrency), fuses.ConsumeAsync, cancellationToken);
        }
    }
}
