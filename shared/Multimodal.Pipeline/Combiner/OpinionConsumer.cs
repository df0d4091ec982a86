using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Reads what experts reply to this combiner. A reply that nobody waits for is dropped.</summary>
internal sealed partial class OpinionConsumer(PendingRequests pending, ShadowQuestions shadows, ILogger<OpinionConsumer> logger)
{
    /// <summary>Takes an opinion.</summary>
    public Task TakeAsync(Incoming<ExpertAnswered> context) =>
        TakeAsync(context.Message.RequestId, context.Message.Expert, new Reply(context.Message, null), context.CancellationToken);

    /// <summary>Takes the reason why there is none.</summary>
    public Task TakeAsync(Incoming<ExpertDeclined> context) =>
        TakeAsync(context.Message.RequestId, context.Message.Expert, new Reply(null, context.Message), context.CancellationToken);

    private async Task TakeAsync(Guid request, string expert, Reply reply, CancellationToken cancellationToken)
    {
        if (!pending.Take(request, expert, reply) && !await shadows.TakeAsync(request, expert, reply, cancellationToken))
        {
            LogUnwanted(request, expert);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody waits for the reply of {Expert} to request {RequestId}.")]
    private partial void LogUnwanted(Guid requestId, string expert);
}
