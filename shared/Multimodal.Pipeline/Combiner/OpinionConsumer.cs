using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Handles the experts' replies to this combiner. A reply that is not expected is dropped.</summary>
internal sealed partial class OpinionConsumer(PendingRequests pending, ShadowDispatcher shadows, ILogger<OpinionConsumer> logger)
{
    /// <summary>Handles an opinion.</summary>
    public Task ConsumeAsync(Incoming<ExpertAnswered> context) =>
        ConsumeAsync(context.Message.RequestId, context.Message.Expert, new Reply(context.Message, null), context.CancellationToken);

    /// <summary>Handles a refusal.</summary>
    public Task ConsumeAsync(Incoming<ExpertDeclined> context) =>
        ConsumeAsync(context.Message.RequestId, context.Message.Expert, new Reply(null, context.Message), context.CancellationToken);

    private async Task ConsumeAsync(Guid request, string expert, Reply reply, CancellationToken cancellationToken)
    {
        if (!pending.TryAdd(request, expert, reply) && !await shadows.RecordAsync(request, expert, reply, cancellationToken))
        {
            LogUnexpected(request, expert);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The reply of {Expert} to request {RequestId} is not expected and is dropped.")]
    private partial void LogUnexpected(Guid requestId, string expert);
}
