using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Experts;

/// <summary>Loads experts and connects each to its queue once it is warm.</summary>
internal sealed class ExpertRole(
    IEnsembleSource source,
    HostedExperts hosted,
    BusEndpoints bus,
    BlobFolder blobs,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<ExpertConsumer> logger)
{
    /// <summary>Serves all experts of an ensemble.</summary>
    public async Task ConnectAsync(Ensemble ensemble, CancellationToken cancellationToken)
    {
        var loaded = await source.LoadExpertsAsync(ensemble, cancellationToken);
        hosted.Add(ensemble.Name, loaded);
        foreach (var expert in loaded)
        {
            var name = expert.Package.Name;
            var place = ensemble.Package.Experts.First(candidate => candidate.Package.Name == name);
            var consumer = new ExpertConsumer(expert, place, blobs, time, logger);
            await bus.ServeCommandsAsync(Topology.ExpertQueue(ensemble.Name, name), options.Experts.Concurrency, consumer, cancellationToken);
        }
    }
}
