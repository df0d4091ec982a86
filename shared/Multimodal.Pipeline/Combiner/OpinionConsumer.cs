using MassTransit;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Reads what experts reply to this combiner. A reply that nobody waits for is dropped.</summary>
internal sealed partial class OpinionConsumer(OpenRequests open, ILogger<OpinionConsumer> logger)
    : IConsumer<ExpertAnswered>, IConsumer<ExpertDeclined>, IConsumer<Fault<Analyze>>
{
    public Task Consume(ConsumeContext<ExpertAnswered> context)
    {
        var answered = context.Message;
        return TakeAsync(answered.RequestId, answered.Expert, new Reply(answered, null));
    }

    public Task Consume(ConsumeContext<ExpertDeclined> context)
    {
        var declined = context.Message;
        return TakeAsync(declined.RequestId, declined.Expert, new Reply(null, declined));
    }

    /// <summary>A worker that failed on the message itself says so at once instead of costing the whole deadline.</summary>
    public Task Consume(ConsumeContext<Fault<Analyze>> context)
    {
        var asked = context.Message.Message;
        var declined = new ExpertDeclined
        {
            RequestId = asked.RequestId,
            Expert = asked.Expert,
            Reason = DeclineReason.ModelFailed,
            Detail = "The worker failed on this request; its log says why.",
        };
        return TakeAsync(asked.RequestId, asked.Expert, new Reply(null, declined));
    }

    private Task TakeAsync(Guid request, string expert, Reply reply)
    {
        if (!open.Take(request, expert, reply))
        {
            LogUnwanted(request, expert);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody waits for the reply of {Expert} to request {RequestId}.")]
    private partial void LogUnwanted(Guid requestId, string expert);
}
