using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Experts;

/// <summary>Handles the commands of one expert: reads the payload, runs the expert, and replies to the combiner that asked.</summary>
/// <param name="expert">The loaded model.</param>
/// <param name="member">The expert's entry in the ensemble, which maps its labels to the ensemble's order.</param>
/// <param name="meter">Measures the expert's batch size and time per item.</param>
/// <param name="parts">The parts of requests in work.</param>
/// <param name="channel">Sends the replies.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Logs refusals and failures.</param>
internal sealed partial class ExpertConsumer(
    IExpert expert, EnsembleExpert member, WorkMeter meter, PartCache parts, IWorkChannel channel, ServiceClock clock, ILogger<ExpertConsumer> logger)
{
    /// <summary>JSON cannot represent such numbers, and they cannot be fused.</summary>
    private static readonly ExpertOutcome NotFinite = new ExpertOutcome.Declined(DeclineReason.ModelFailed, "The opinion is not finite.");

    /// <summary>Classifies one part. The command is acknowledged when the task completes.</summary>
    public async Task ConsumeAsync(Incoming<Analyze> context)
    {
        var analyze = context.Message;
        var arrived = clock.GetTimestamp();
        using var scope = RequestScope.Begin(logger, analyze.RequestId);
        using var span = Traces.Receive("multimodal.judge", context.TraceContext, analyze.RequestId)?.SetTag("multimodal.expert", analyze.Expert);
        var outcome = await JudgeAsync(analyze, context.CancellationToken);
        meter.Record(arrived, (outcome as ExpertOutcome.Answered)?.Timings.BatchSize);
        switch (outcome)
        {
            case ExpertOutcome.Answered answered:
                Traces.AddTimings(span, answered.Timings);
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
                    Reason = MessageEnum.For(declined.Reason, analyze.MessageVersion),
                    Detail = declined.Detail,
                });
                break;
        }
    }

    private async Task ReplyAsync<T>(Incoming<Analyze> context, T reply)
        where T : class
    {
        using var span = Traces.Start("multimodal.reply", context.Message.RequestId, ActivityKind.Producer);
        await channel.ReplyAsync(context.Message, reply, context.CancellationToken);
    }

    /// <summary>
    /// Runs the expert. Every failure becomes a refusal without a retry, because the combiner is waiting and the same input would probably
    /// fail again.
    /// </summary>
    private async Task<ExpertOutcome> JudgeAsync(Analyze analyze, CancellationToken cancellationToken)
    {
        // The combiner no longer waits, so reading the payload would be wasted.
        var deadline = clock.Adjust(analyze.Deadline);
        if (deadline <= clock.GetUtcNow())
        {
            return new ExpertOutcome.Declined(DeclineReason.Expired, "The deadline had passed when the expert received the request.");
        }

        try
        {
            if (await parts.ReadAsync(analyze.RequestId, analyze.Part, cancellationToken) is not { } media)
            {
                return new ExpertOutcome.Declined(DeclineReason.MediaGone, "The payload is no longer in the blob store, or is not what was stored.");
            }

            var outcome = await expert.AnalyzeAsync(media, deadline, cancellationToken);
            return outcome is ExpertOutcome.Answered answered ? InOrder(answered) : outcome;
        }
        catch (BlobStoreException)
        {
            return new ExpertOutcome.Declined(DeclineReason.MediaUnavailable, "The blob store could not be reached.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Experts return refusals, so an exception is a bug in the expert.
            LogFailed(exception, analyze.Expert, analyze.RequestId);
            return new ExpertOutcome.Declined(DeclineReason.ModelFailed, "The expert failed on this input; its log says why.");
        }
    }

    private ExpertOutcome InOrder(ExpertOutcome.Answered answered) => answered.LogProbabilities.All(double.IsFinite)
        ? answered with { LogProbabilities = member.Reorder(answered.LogProbabilities) }
        : NotFinite;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Expert} declined request {RequestId}: {Reason}.")]
    private partial void LogDeclined(string expert, Guid requestId, DeclineReason reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Expert} failed on request {RequestId} and declines it.")]
    private partial void LogFailed(Exception exception, string expert, Guid requestId);
}
