using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Events;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Requests;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Results;

/// <summary>Ends a request: stores its result once, frees its place, wakes whoever waits, removes its payloads.</summary>
internal sealed partial class ResultRecorder(
    RequestStore store,
    Admission admission,
    ResultWaiters waiters,
    RecordedResults recorded,
    GatewayIdentity identity,
    IResultChannel channel,
    IBlobStore blobs,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<ResultRecorder> logger)
{
    /// <summary>Records an answer. A second one for the same request changes nothing.</summary>
    public async Task RecordAsync(AnswerCombined combined)
    {
        var id = combined.Answer.Id;
        using var scope = RequestScope.Begin(logger, id);
        var result = JsonSerializer.Serialize(combined.Answer, JsonFormat.Options);
        var completion = await store.CompleteAsync(combined, result, time.GetUtcNow());
        if (completion == Completion.Repeat)
        {
            LogRepeat(id);
            return;
        }

        PipelineMetrics.Answered(combined.Answer);
        admission.Leave(id);
        waiters.Complete(id, result);
        if (completion == Completion.FirstAndWanted)
        {
            recorded.Note(combined.Tenant, combined.Subscription);
        }

        if (combined.Gateway != identity.Instance)
        {
            await channel.NotifyAsync(combined.Gateway, id, result);
        }

        await RemovePayloadsAsync(combined, id);
        LogDone(id, combined.Answer.Status, combined.Answer.Timings.TotalMs);
    }

    private async Task RemovePayloadsAsync(AnswerCombined combined, Guid id)
    {
        if (options.Blobs.KeepAfterAnswer || !combined.HasBlobs)
        {
            return;
        }

        try
        {
            await blobs.DeleteAsync(combined.Tenant, id, CancellationToken.None);
        }
        catch (IOException exception)
        {
            // The result stands; the clean-up removes what is left.
            LogNotDeleted(exception, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} has a result already; the repeat is ignored.")]
    private partial void LogRepeat(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is {Status} after {TotalMs:F1} ms.")]
    private partial void LogDone(Guid requestId, AnswerStatus status, double totalMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The payloads of request {RequestId} could not be removed.")]
    private partial void LogNotDeleted(Exception exception, Guid requestId);
}
