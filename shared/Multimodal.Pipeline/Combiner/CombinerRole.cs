using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Connects a combiner: its own queue for opinions first, then the competing queue of work.</summary>
internal sealed class CombinerRole(
    BusEndpoints bus, FuseConsumer fuses, OpinionConsumer opinions, OpenRequests open, MultimodalOptions options)
{
    /// <summary>Starts to take work; the ensembles must be loaded.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var concurrency = options.Combiner.Concurrency;
        await bus.ServeOpinionsAsync(open.Instance, concurrency, opinions, cancellationToken);
        foreach (var priority in Topology.Priorities)
        {
            await bus.ServeCommandsAsync(Topology.FuseQueue(priority), options.Transport.Concurrency(priority, concurrency), fuses, cancellationToken);
        }
    }
}
