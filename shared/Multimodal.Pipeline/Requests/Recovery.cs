using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Requests;

/// <summary>Puts right what an earlier process left: payloads without a request, requests without a result.</summary>
internal sealed partial class Recovery(
    RequestStore store,
    Resender resender,
    BlobFolder blobs,
    Admission admission,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<Recovery> logger)
{
    private static readonly TimeSpan SharedOrphanAge = TimeSpan.FromHours(1);

    /// <summary>Runs once, when everything is connected and before the first new request.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RemoveOrphansAsync(cancellationToken);
        if (options.Transport.IsShared)
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

    /// <summary>
    /// A payload is written before its row and removed after its result, so a crash in between leaves it alone. Other gateways may
    /// be in between at this moment; what is so young is left to a later start.
    /// </summary>
    private async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        var youngest = options.Transport.IsShared ? time.GetUtcNow() - SharedOrphanAge : DateTimeOffset.MaxValue;
        var stored = blobs.Requests(youngest).ToArray();
        var answered = await store.AnsweredAsync(stored.Select(blob => blob.Request), cancellationToken);
        foreach (var (tenant, request) in stored)
        {
            var isKnown = answered.TryGetValue(request, out var isAnswered);
            if (!isKnown || (isAnswered && !options.Blobs.KeepAfterAnswer))
            {
                blobs.Delete(tenant, request);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Requests} request(s) of an earlier process are under way again.")]
    private partial void LogRecovered(int requests);
}
