using MassTransit;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Reads what experts reply to this combiner. A reply that nobody waits for is dropped.</summary>
internal sealed partial class OpinionConsumer(OpenRequests open, ShadowQuestions shadows, ILogger<OpinionConsumer> logger)
    : IConsumer<ExpertAnswered>, IConsumer<ExpertDeclined>, IConsumer<Fault<Analyze>>
{
    public Task Consume(ConsumeContext<ExpertAnswered> context)
    {
        var answered = context.Message;
        return TakeAsync(answered.RequestId, answered.Expert, new Reply(answered, null), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ExpertDeclined> context)
    {
        var declined = context.Message;
        return TakeAsync(declined.RequestId, declined.Expert, new Reply(null, declined), context.CancellationToken);
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
        return TakeAsync(asked.RequestId, asked.Expert, new Reply(null, declined), context.CancellationToken);
    }

    private async Task TakeAsync(Guid request, string expert, Reply reply, CancellationToken cancellationToken)
    {
        if (!open.Take(request, expert, reply) && !await shadows.TakeAsync(request, expert, reply, cancellationToken))
        {
            LogUnwanted(request, expert);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody waits for the reply of {Expert} to request {RequestId}.")]
    private partial void LogUnwanted(Guid requestId, string expert);
}
