using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Inference.Experts;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Experts;

/// <summary>Connects loaded experts to their queues.</summary>
internal sealed class ExpertQueues(
    IWorkChannel work, PartCache parts, ExpertOptions options, TransportOptions transportOptions, ServiceClock clock, ILogger<ExpertConsumer> logger)
{
    /// <summary>Starts to consume the queues of an expert, one per priority.</summary>
    public async Task ServeAsync(Ensemble ensemble, IExpert expert, WorkMeter meter, CancellationToken cancellationToken)
    {
        var name = expert.Package.Name;
        var member = ensemble.Package.Experts.First(candidate => candidate.Package.Name == name);
        var consumer = new ExpertConsumer(expert, member, meter, parts, work, clock, logger);
        foreach (var priority in Topology.Priorities)
        {
            await work.ServeCommandsAsync<Analyze>(
                Topology.ExpertQueue(ensemble.Name, name, priority),
                transportOptions.Concurrency(priority, options.Concurrency),
                consumer.ConsumeAsync,
                cancellationToken);
        }
    }
}
