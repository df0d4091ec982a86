using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Publishes answers that this gateway took from its cache and recorded, for the queues of clients.</summary>
internal sealed partial class CachedPublisher(
    IResultChannel channel, TransportOptions options, DrainToken drain, TimeProvider time, ILogger<CachedPublisher> logger)
{
    /// <summary>
    /// Publishes an answer. The task completes when the broker has stored it, or after the time that a send may take; then the attempts continue in the
    /// background. Without a broker no client has a queue.
    /// </summary>
    public async Task PublishAsync(AnswerCombined cached)
    {
        if (!options.IsShared)
        {
            return;
        }

        try
        {
            await UntilPublishedAsync(cached).WaitAsync(TimeSpan.FromSeconds(options.Broker.SendSeconds), time);
        }
        catch (TimeoutException)
        {
            LogLater(cached.Answer.Id);
        }
    }

    private async Task UntilPublishedAsync(AnswerCombined cached)
    {
        try
        {
            // The gateway replies itself, because it has recorded the answer.
            await channel.PublishAsync(cached with { ReplyTo = null }, drain.Token);
        }
        catch (Exception exception)
        {
            LogFailed(exception, cached.Answer.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker did not take the cached answer of request {RequestId} yet; the gateway keeps trying.")]
    private partial void LogLater(Guid requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cached answer of request {RequestId} was not published; the client's queue does not get it.")]
    private partial void LogFailed(Exception exception, Guid requestId);
}
