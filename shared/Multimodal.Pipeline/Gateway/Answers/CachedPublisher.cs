using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Publishes answers that this gateway took from its cache and recorded, for the queues of clients.</summary>
internal sealed partial class CachedPublisher(
    IResultChannel channel, TransportOptions transport, GatewayOptions options, TimeProvider time, ILogger<CachedPublisher> logger)
{
    /// <summary>Publishes an answer. The task completes when the broker has stored it. Without a broker no client has a queue.</summary>
    /// <returns>Null, or the reason why the client must send its request again: the broker did not store the answer within the time that a send may take.</returns>
    public async Task<Problem?> PublishAsync(AnswerCombined cached)
    {
        if (!transport.IsShared)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(transport.Broker.SendSeconds), time);
        try
        {
            // The gateway replies itself, because it has recorded the answer.
            await channel.PublishAsync(cached with { ReplyTo = null }, timeout.Token);
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(exception, cached.Answer.Id);
            return Problems.BrokerUnavailable(options.RetryAfterSeconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cached answer of request {RequestId} was not published, so the request was refused with 503; a repeat publishes it.")]
    private partial void LogFailed(Exception exception, Guid requestId);
}
