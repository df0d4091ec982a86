using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Requests;
using Multimodal.Pipeline.Results;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Makes a gateway ready: results first, and the door last.</summary>
internal sealed class GatewayRole(
    BusEndpoints bus,
    ResultConsumer results,
    Recovery recovery,
    PartReader reader,
    Planner planner,
    Readiness readiness,
    MultimodalOptions options)
{
    private static readonly Dictionary<Modality, ReadOnlyMemory<byte>> WarmUpParts = new() { [Modality.Text] = "warm up"u8.ToArray() };

    /// <summary>Starts to record results.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) =>
        bus.ServeEventsAsync(Topology.ResultsQueue, options.Combiner.Concurrency, results, cancellationToken);

    /// <summary>Runs the code of the first request once, sends what an earlier process accepted, and takes requests.</summary>
    public async Task OpenAsync(IEnumerable<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        var parts = (await reader.ReadAsync(WarmUpParts, cancellationToken)).Value!;
        foreach (var ensemble in ensembles)
        {
            planner.Plan(ensemble, RequestOptions.None, parts.Modalities, parts.Features, parts.FeaturesMs, _ => true);
        }

        await recovery.RunAsync(cancellationToken);
        readiness.Open();
    }
}
