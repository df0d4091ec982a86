using System.Diagnostics;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>Answers within a single process, whose gateway records all of them.</summary>
internal sealed class LocalResults(LocalQueues queues) : IResultChannel
{
    public Task PublishAsync(AnswerCombined combined, CancellationToken cancellationToken)
    {
        using var span = Traces.Start("multimodal.publish", combined.Answer.Id, ActivityKind.Producer);
        queues.Send(Topology.ResultsQueue, combined, combined.Answer.Id);
        return Task.CompletedTask;
    }

    public Task PublishAsync(ShadowAnswered shadow, CancellationToken cancellationToken)
    {
        queues.Send(Topology.ResultsQueue, shadow, shadow.RequestId);
        return Task.CompletedTask;
    }

    public Task ServeAsync(
        int concurrency, Func<AnswerCombined, string?, Task> record, Func<ShadowAnswered, Task> recordShadow, CancellationToken cancellationToken)
    {
        // If a result cannot be recorded, the watchdog sends the request again.
        queues.Serve<object>(Topology.ResultsQueue, concurrency, RecordAsync, _ => Task.CompletedTask);
        return Task.CompletedTask;

        async Task RecordAsync(Incoming<object> incoming)
        {
            if (incoming.Message is AnswerCombined combined)
            {
                using var span = Traces.Receive("multimodal.record", incoming.TraceContext, combined.Answer.Id);
                await record(combined, null);
            }
            else
            {
                await recordShadow((ShadowAnswered)incoming.Message);
            }
        }
    }

    public Task NotifyAsync(Guid gateway, Guid request, string result) => Task.CompletedTask;
}
