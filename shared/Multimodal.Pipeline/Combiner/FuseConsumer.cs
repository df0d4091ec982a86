using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Answers requests: carries out the plan and publishes the answer. The message is acknowledged by returning, so only after the answer is
/// published. If this process dies before, the broker or the gateway's watchdog hands the request to another combiner, which asks the
/// experts again.
/// </summary>
internal sealed partial class FuseConsumer(
    PendingRequests pending, PlanExecutor executor, ExpertCommands commands, IResultChannel results, DrainToken drain, ILogger<FuseConsumer> logger)
{
    /// <summary>Answers one request; the message is acknowledged when the task ends.</summary>
    public async Task ConsumeAsync(Incoming<Fuse> context)
    {
        var fuse = context.Message;
        using var scope = RequestScope.Begin(logger, fuse.RequestId);
        using var span = Traces.Receive("multimodal.fuse", context.TraceContext, fuse.RequestId);
        var collector = new OpinionCollector();
        var first = pending.Open(fuse.RequestId, collector);
        if (first != collector)
        {
            // Redelivered after the connection broke, or sent again by a watchdog. Commands and replies under way at that time may be lost.
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
        var shadowed = Task.CompletedTask;
        if (await executor.ExecuteAsync(context, collector, asked => shadowed = asked) is not { } combined)
        {
            LogTooLate(fuse.RequestId, fuse.Deadline);
            return;
        }

        // Publish until confirmed, even if the message is lost with the connection: a gateway may have recorded the answer while a client's queue
        // missed it. Nobody would ask again then.
        await results.PublishAsync(combined, drain.Token);
        LogCombined(fuse.RequestId, combined.Answer.Status, combined.Opinions.Count, fuse.Plan.Experts.Count);

        // The commands to experts in shadow must not delay the answer.
        await shadowed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} passed its deadline {Deadline} without any opinion; the watchdog will send it again.")]
    private partial void LogTooLate(Guid requestId, DateTimeOffset deadline);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is already being combined here; its missing experts are asked again.")]
    private partial void LogAlreadyPending(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is {Status}: {Opinions} of {Asked} experts gave an opinion.")]
    private partial void LogCombined(Guid requestId, AnswerStatus status, int opinions, int asked);
}
