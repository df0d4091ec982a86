using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Completes a request: stores its result once, frees its admission slot, notifies waiters and deletes its payloads.</summary>
internal sealed partial class ResultRecorder(
    RequestStore store, AdmissionControl admission, ResultNotifier notifier, PayloadCleaner payloads, TimeProvider time, ILogger<ResultRecorder> logger, PartCache? cache = null)
{
    /// <summary>Records an answer. A second answer to the same request changes nothing.</summary>
    /// <param name="combined">The answer.</param>
    /// <param name="json">Its JSON for clients; null to write it.</param>
    public async Task RecordAsync(AnswerCombined combined, string? json)
    {
        var id = combined.Answer.Id;
        if (combined.Answer.Cached is not null)
        {
            // The gateway that had the answer recorded it before it published it.
            return;
        }

        using var scope = RequestScope.Begin(logger, id);
        var result = json ?? JsonSerializer.Serialize(combined.Answer, JsonFormat.Options);
        var completion = await store.CompleteAsync(combined, result, time.GetUtcNow());
        if (completion == Completion.Duplicate)
        {
            LogRepeat(id);
            await ReplyAgainAsync(combined);
            return;
        }

        PipelineMetrics.Answered(combined.Answer, combined.Answer.Timings.TotalMs);
        admission.Leave(id);
        cache?.Remove(id);
        await notifier.NotifyAsync(combined, result, completion);
        await payloads.RemoveAsync(combined);
        await notifier.ReplyAsync(combined, result);
        LogDone(id, combined.Answer.Status, combined.Answer.Timings.TotalMs);
    }

    /// <summary>Records the opinion of a shadow expert that arrived after the answer. A repeat changes nothing.</summary>
    public async Task RecordShadowAsync(ShadowAnswered shadow)
    {
        await store.AddShadowAsync(shadow);
        PipelineMetrics.ShadowRecordedLate(shadow.Ensemble, shadow.Opinion.Expert);
    }

    /// <summary>Replies with the stored result, because the process that recorded it may have crashed before it replied.</summary>
    private async Task ReplyAgainAsync(AnswerCombined combined)
    {
        if (combined.ReplyTo is not null && await store.FindAsync(combined.Tenant, combined.Answer.Id, CancellationToken.None) is { Result: { } recorded })
        {
            await notifier.ReplyAsync(combined, recorded);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} already has a result; the second answer is ignored.")]
    private partial void LogRepeat(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} finished as {Status} after {TotalMs:F1} ms.")]
    private partial void LogDone(Guid requestId, AnswerStatus status, double totalMs);
}
