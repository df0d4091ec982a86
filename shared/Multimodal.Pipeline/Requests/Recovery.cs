using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Requests;

/// <summary>Puts right what an earlier process left: payloads without a request, requests without a result.</summary>
internal sealed partial class Recovery(
    RequestStore store,
    Resender resender,
    BlobFolder blobs,
    Admission admission,
    MultimodalOptions options,
    ILogger<Recovery> logger)
{
    /// <summary>Runs once, when everything is connected and before the first new request.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RemoveOrphansAsync(cancellationToken);
        var unanswered = await store.UnansweredAsync(DateTimeOffset.MaxValue, cancellationToken);
        admission.Restore(unanswered.Count);
        foreach (var request in unanswered)
        {
            await resender.ResendAsync(request);
        }

        LogRecovered(unanswered.Count);
    }

    /// <summary>A payload is written before its row and removed after its result, so a crash in between leaves it alone.</summary>
    private async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        var stored = blobs.Requests().ToArray();
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
