using System.Diagnostics;
using MassTransit;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Telemetry;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Results;

/// <summary>Finished answers on the in-memory bus: there is one gateway, and it is here.</summary>
internal sealed class BusResults(IBus bus, BusWork endpoints) : IResultChannel
{
    public async Task PublishAsync(AnswerCombined combined, CancellationToken cancellationToken)
    {
        using var span = Traces.Start("multimodal.publish", combined.Answer.Id, ActivityKind.Producer);
        await bus.Publish(combined, publish => publish.MessageId = combined.Answer.Id, cancellationToken);
    }

    public Task PublishAsync(ShadowAnswered shadow, CancellationToken cancellationToken) => bus.Publish(shadow, cancellationToken);

    public Task ServeAsync(
        int concurrency, Func<AnswerCombined, Task> record, Func<ShadowAnswered, Task> recordShadow, CancellationToken cancellationToken) =>
        endpoints.ServeEventsAsync(Topology.ResultsQueue, concurrency, new Consumer(record, recordShadow), cancellationToken);

    public Task NotifyAsync(Guid gateway, Guid request, string result) => Task.CompletedTask;

    private sealed class Consumer(Func<AnswerCombined, Task> record, Func<ShadowAnswered, Task> recordShadow)
        : IConsumer<AnswerCombined>, IConsumer<ShadowAnswered>
    {
        public async Task Consume(ConsumeContext<AnswerCombined> context)
        {
            using var span = Traces.Receive("multimodal.record", context.Headers.Get<string>(Traces.Header), context.Message.Answer.Id);
            await record(context.Message);
        }

        public Task Consume(ConsumeContext<ShadowAnswered> context) => recordShadow(context.Message);
    }
}
