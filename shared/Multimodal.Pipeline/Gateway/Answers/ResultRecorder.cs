using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Ends a request: stores its result once, frees its place, wakes whoever waits, removes its payloads.</summary>
internal sealed partial class ResultRecorder(
    RequestStore store,
    AdmissionControl admission,
    ResultWaiters waiters,
    RecordedResults recorded,
    GatewayIdentity identity,
    IResultChannel channel,
    IBlobStore blobs,
    MultimodalOptions options,
    TimeProvider time,
    Drain drain,
    ILogger<ResultRecorder> logger,
    ReplySender? replies = null)
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
            await RepeatReplyAsync(combined);
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
        await ReplyAsync(combined, result);
        LogDone(id, combined.Answer.Status, combined.Answer.Timings.TotalMs);
    }

    /// <summary>Records what an expert in shadow said when the answer was out. A second one changes nothing.</summary>
    public async Task RecordShadowAsync(ShadowAnswered shadow)
    {
        await store.AddShadowAsync(shadow);
        PipelineMetrics.ShadowRecordedLate(shadow.Ensemble, shadow.Opinion.Expert);
    }

    /// <summary>Before the message is acknowledged, so that no crash comes between the record and the reply.</summary>
    private Task ReplyAsync(AnswerCombined combined, string result) => combined.ReplyTo is { } address && replies is not null
        ? replies.SendAsync(address, combined.Answer.Id, result, drain.Over)
        : Task.CompletedTask;

    /// <summary>The process that recorded the first may have died before it replied. The reply is what was recorded.</summary>
    private async Task RepeatReplyAsync(AnswerCombined combined)
    {
        if (combined.ReplyTo is not null && await store.FindAsync(combined.Tenant, combined.Answer.Id, CancellationToken.None) is { Result: { } recorded })
        {
            await ReplyAsync(combined, recorded);
        }
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
