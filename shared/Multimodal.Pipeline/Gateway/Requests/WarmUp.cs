using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Planning;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Runs the code of a request once per ensemble, so that the first client does not wait for its compilation.</summary>
internal sealed class WarmUp(PartReader reader, Planner planner)
{
    private static readonly Dictionary<Modality, ReadOnlyMemory<byte>> Parts = new() { [Modality.Text] = "warm up"u8.ToArray() };

    /// <summary>Reads and plans a request; nothing is sent.</summary>
    public async Task RunAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        var parts = (await reader.ReadAsync(Parts, cancellationToken)).Value!;
        foreach (var ensemble in ensembles)
        {
            ExpertLoad[] loads = [.. ensemble.Gate.Experts.Select(_ => ExpertLoad.Idle)];
            var timeout = ensemble.Package.Defaults.Deadline;
            planner.Plan(
                ensemble,
                new PlanInput(Guid.Empty, new MultimodalRequestOptions(), parts.Modalities, parts.Features, parts.FeaturesMs, timeout),
                loads);
        }
    }
}
