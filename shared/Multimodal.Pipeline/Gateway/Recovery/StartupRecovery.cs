using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Puts right what an earlier process left: payloads without a request, requests without a result.</summary>
internal sealed partial class StartupRecovery(
    RequestStore store,
    Resender resender,
    BlobCleanUp cleanUp,
    AdmissionControl admission,
    TransportOptions options,
    ILogger<StartupRecovery> logger)
{
    /// <summary>Runs once, when everything is connected and before the first new request.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Nobody else can be about to store a row when everything is in this process.
        await cleanUp.RunAsync(options.IsShared ? cleanUp.Youngest() : DateTimeOffset.MaxValue, cancellationToken);
        if (options.IsShared)
        {
            // What is under way is in the broker or in the hands of other processes. What is not, the watchdogs find by its deadline.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Requests} request(s) of an earlier process are under way again.")]
    private partial void LogRecovered(int requests);
}
