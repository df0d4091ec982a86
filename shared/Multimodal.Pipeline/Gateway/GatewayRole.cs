using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Amqp;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Recovery;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Makes a gateway ready: results first, and the door last.</summary>
internal sealed class GatewayRole(
    IResultChannel results,
    ResultRecorder recorder,
    StartupRecovery recovery,
    PartReader reader,
    Planner planner,
    TrustBoard trust,
    ExpertDirectory experts,
    MultimodalOptions options,
    TimeProvider time,
    GatewayInbox? inbox = null,
    RequestQueue? requests = null)
{
    private static readonly Dictionary<Modality, ReadOnlyMemory<byte>> WarmUpParts = new() { [Modality.Text] = "warm up"u8.ToArray() };

    /// <summary>Starts to record results and to listen to workers.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await results.ServeAsync(options.Combiner.Concurrency, recorder.RecordAsync, recorder.RecordShadowAsync, cancellationToken);
        if (inbox is not null)
        {
            await inbox.ConnectAsync(cancellationToken);
        }
    }

    /// <summary>Runs the code of the first request once, reads what feedback taught, and sends what an earlier process accepted.</summary>
    public async Task OpenAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        var parts = (await reader.ReadAsync(WarmUpParts, cancellationToken)).Value!;
        foreach (var ensemble in ensembles)
        {
            Standing[] standings = [.. ensemble.Gate.Experts.Select(_ => Standing.Idle)];
            planner.Plan(ensemble, Guid.Empty, new MultimodalRequestOptions(), parts.Modalities, parts.Features, parts.FeaturesMs, standings, ensemble.Package.Defaults.Deadline);
        }

        await trust.RefreshAsync(cancellationToken);
        await recovery.RunAsync(cancellationToken);
        await ListenAsync(ensembles, cancellationToken);
        if (requests is not null)
        {
            await requests.ConnectAsync(cancellationToken);
        }
    }

    /// <summary>Until every expert was heard of, or long enough to have heard of all that have a worker.</summary>
    private async Task ListenAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(options.Experts.HeartbeatSeconds * 2);
        while (time.GetElapsedTime(start) < patience
            && ensembles.Any(ensemble => ensemble.Experts.Keys.Any(expert => !experts.IsServed(ensemble.Name, expert))))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
