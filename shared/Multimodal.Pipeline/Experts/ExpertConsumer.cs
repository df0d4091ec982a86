using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Experts;

/// <summary>Serves the queue of one expert: fetches the part, asks the expert, replies to the address in the message.</summary>
/// <param name="expert">The loaded model.</param>
/// <param name="place">Its place in the ensemble, which puts its labels in the ensemble's order.</param>
/// <param name="work">Counts its answers.</param>
/// <param name="blobs">The payloads.</param>
/// <param name="channel">Takes the replies.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For refusals and failures.</param>
internal sealed partial class ExpertConsumer(
    IExpert expert, EnsembleExpert place, WorkMeter work, IBlobStore blobs, IWorkChannel channel, TimeProvider time, ILogger<ExpertConsumer> logger)
{
    /// <summary>JSON knows no such numbers, and no rule could fuse them.</summary>
    private static readonly ExpertOutcome NotFinite = new ExpertOutcome.Declined(DeclineReason.ModelFailed, "Its opinion is not finite.");

    /// <summary>Judges one part; the question is acknowledged when the task ends.</summary>
    public async Task ConsumeAsync(Incoming<Analyze> context)
    {
        var analyze = context.Message;
        var arrived = time.GetTimestamp();
        using var scope = RequestScope.Begin(logger, analyze.RequestId);
        using var span = Traces.Receive("multimodal.judge", context.TraceContext, analyze.RequestId)?.SetTag("multimodal.expert", analyze.Expert);
        var outcome = await JudgeAsync(analyze, context.CancellationToken);
        work.Note(arrived, (outcome as ExpertOutcome.Answered)?.Timings.BatchSize);
        switch (outcome)
        {
            case ExpertOutcome.Answered answered:
                Traces.Note(span, answered.Timings);
                await ReplyAsync(context, new ExpertAnswered
                {
                    RequestId = analyze.RequestId,
                    Expert = analyze.Expert,
                    Version = expert.Package.Version,
                    Device = expert.Device,
                    LogProbabilities = answered.LogProbabilities,
                    Timings = answered.Timings,
                });
                break;
            case ExpertOutcome.Declined declined:
                span?.SetTag("multimodal.declined", JsonFormat.Kebab(declined.Reason));
                LogDeclined(analyze.Expert, analyze.RequestId, declined.Reason);
                await ReplyAsync(context, new ExpertDeclined
                {
                    RequestId = analyze.RequestId,
                    Expert = analyze.Expert,
                    Reason = declined.Reason,
                    Detail = declined.Detail,
                });
                break;
        }
    }

    private async Task ReplyAsync<T>(Incoming<Analyze> context, T opinion)
        where T : class
    {
        using var span = Traces.Start("multimodal.reply", context.Message.RequestId, ActivityKind.Producer);
        await channel.ReplyAsync(context.Message.ReplyTo, opinion, context.CancellationToken);
    }

    /// <summary>Whatever fails here, the combiner hears of it at once: trying the same input again would only fail again, and it waits meanwhile.</summary>
    private async Task<ExpertOutcome> JudgeAsync(Analyze analyze, CancellationToken cancellationToken)
    {
        // Nobody waits any more: the payload need not even be fetched.
        if (analyze.Deadline <= time.GetUtcNow())
        {
            return new ExpertOutcome.Declined(DeclineReason.Expired, "The deadline had passed when the expert received the request.");
        }

        try
        {
            if (await blobs.ReadAsync(analyze.Part, cancellationToken) is not { } media)
            {
                return new ExpertOutcome.Declined(DeclineReason.MediaGone, "The payload is no longer in the blob store, or is not what was stored.");
            }

            var outcome = await expert.AnalyzeAsync(media, analyze.Deadline, cancellationToken);
            return outcome is ExpertOutcome.Answered answered ? InOrder(answered) : outcome;
        }
        catch (BlobStoreException exception)
        {
            LogNotRead(exception, analyze.Expert, analyze.RequestId);
            return new ExpertOutcome.Declined(DeclineReason.MediaUnavailable, "The blob store could not be reached.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A bug in the expert, not the sender's fault.
            LogFailed(exception, analyze.Expert, analyze.RequestId);
            return new ExpertOutcome.Declined(DeclineReason.ModelFailed, "The expert failed on this input; its log says why.");
        }
    }

    private ExpertOutcome InOrder(ExpertOutcome.Answered answered) => answered.LogProbabilities.All(double.IsFinite)
        ? answered with { LogProbabilities = place.Reorder(answered.LogProbabilities) }
        : NotFinite;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Expert} declined request {RequestId}: {Reason}.")]
    private partial void LogDeclined(string expert, Guid requestId, DeclineReason reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Expert} could not read the payload of request {RequestId}.")]
    private partial void LogNotRead(Exception exception, string expert, Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Expert} failed on request {RequestId}.")]
    private partial void LogFailed(Exception exception, string expert, Guid requestId);
}
