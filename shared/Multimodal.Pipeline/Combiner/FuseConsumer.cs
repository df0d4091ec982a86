using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Answers requests: carries out the plan and publishes the answer. The message is acknowledged after the answer is published. If this
/// process dies before that, the broker or the gateway's watchdog sends the request to another combiner, which asks the experts again.
/// </summary>
internal sealed partial class FuseConsumer(
    PendingRequests pending,
    PlanExecutor executor,
    ExpertCommands commands,
    GatewayVersions gateways,
    IResultChannel results,
    DrainToken drain,
    ILogger<FuseConsumer> logger)
{
    /// <summary>Answers one request. The message is acknowledged when the task completes.</summary>
    public async Task ConsumeAsync(Incoming<Fuse> context)
    {
        var fuse = context.Message;
        gateways.Record(fuse);
        using var scope = RequestScope.Begin(logger, fuse.RequestId);
        using var span = Traces.Receive("multimodal.fuse", context.TraceContext, fuse.RequestId);
        var collector = new OpinionCollector();
        var first = pending.Open(fuse.RequestId, collector);
        if (first != collector)
        {
            // Redelivered after a connection failure, or sent again by the watchdog. Earlier commands and replies may be lost.
            LogAlreadyPending(fuse.RequestId);
            PipelineMetrics.Repeated();
            await commands.SendAsync(context, first.Missing());
            await first.Published.WaitAsync(context.CancellationToken);
            return;
        }

        Exception? failure = null;
        try
        {
            await AnswerAsync(context, collector);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            pending.Close(fuse.RequestId);
            collector.End(failure);
        }
    }

    private async Task AnswerAsync(Incoming<Fuse> context, OpinionCollector collector)
    {
        var fuse = context.Message;
        var shadowsAsked = Task.CompletedTask;
        if (await executor.ExecuteAsync(context, collector, asked => shadowsAsked = asked) is not { } combined)
        {
            LogTooLate(fuse.RequestId, fuse.Deadline);
            return;
        }

        // Publish until confirmed, even if this process loses the message with its connection. A gateway may have recorded the answer while a
        // client's queue missed it, and then the watchdog does not retry.
        await results.PublishAsync(combined with { Answer = gateways.Readable(combined.Answer) }, drain.Token);
        LogCombined(fuse.RequestId, combined.Answer.Status, combined.Opinions.Count, fuse.Plan.Experts.Count);

        // The commands to shadow experts must not delay the answer.
        await shadowsAsked;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} passed its deadline {Deadline} without an opinion; the watchdog sends it again.")]
    private partial void LogTooLate(Guid requestId, DateTimeOffset deadline);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is already in progress here; the experts that have not replied are asked again.")]
    private partial void LogAlreadyPending(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is {Status}: {Opinions} of {Asked} experts gave an opinion.")]
    private partial void LogCombined(Guid requestId, AnswerStatus status, int opinions, int asked);
}
