using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Recovers what an earlier process left: payloads without a request, and requests without a result.</summary>
internal sealed partial class StartupRecovery(
    RequestStore store,
    Resender resender,
    BlobCleanUp cleanUp,
    AdmissionControl admission,
    TransportOptions options,
    ILogger<StartupRecovery> logger)
{
    /// <summary>Runs once, after connecting and before the first new request.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Without a broker no other process can be about to store a row.
        await cleanUp.RunAsync(options.IsShared ? cleanUp.OrphanedBefore() : DateTimeOffset.MaxValue, cancellationToken);
        if (options.IsShared)
        {
            // The broker or another process has the pending requests. The watchdogs find lost ones after their deadline.
            return;
        }

        var unanswered = await store.UnansweredAsync(DateTimeOffset.MaxValue, cancellationToken);
        foreach (var request in unanswered)
        {
            admission.Restore(request.Id, request.Fuse.Deadline);
        }

        foreach (var request in unanswered)
        {
            await resender.ResendAsync(request);
        }

        LogRecovered(unanswered.Count);
        PipelineMetrics.Recovered(unanswered.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Recovered {Requests} request(s) of an earlier process.")]
    private partial void LogRecovered(int requests);
}
