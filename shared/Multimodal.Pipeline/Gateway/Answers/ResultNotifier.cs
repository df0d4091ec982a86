using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>
/// Announces a recorded result to HTTP calls and event streams of this gateway, to the gateway that accepted the request, and to an AMQP
/// client.
/// </summary>
internal sealed class ResultNotifier(
    ResultWaiters waiters,
    ResultSignals signals,
    AnswerCache cache,
    GatewayIdentity identity,
    IResultChannel channel,
    DrainToken drain,
    ReplySender? replies = null)
{
    /// <summary>Notifies local waiters, the cache and the gateway that accepted the request.</summary>
    public async Task NotifyAsync(AnswerCombined combined, string result, Completion completion)
    {
        cache.Add(combined.Answer, result);
        waiters.Complete(combined.Answer.Id, result);
        if (completion == Completion.RecordedForSubscription)
        {
            signals.Set(combined.Tenant, combined.Subscription);
        }

        if (combined.Gateway != identity.Instance)
        {
            await channel.NotifyAsync(combined.Gateway, combined.Answer.Id, result);
        }
    }

    /// <summary>Replies to an AMQP client before the answer's message is acknowledged, so that a crash does not lose the reply.</summary>
    public Task ReplyAsync(AnswerCombined combined, string result) => combined.ReplyTo is { } address && replies is not null
        ? replies.SendAsync(address, combined.Answer.Id, result, drain.Token)
        : Task.CompletedTask;
}
