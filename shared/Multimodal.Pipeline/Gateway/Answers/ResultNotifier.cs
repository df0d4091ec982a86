using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Tells everyone who waits for a recorded result: HTTP calls and event streams of this gateway, the gateway that accepted the request, the AMQP client.</summary>
internal sealed class ResultNotifier(
    ResultWaiters waiters, ResultSignals signals, GatewayIdentity identity, IResultChannel channel, DrainToken drain, ReplySender? replies = null)
{
    /// <summary>Tells the waiters of this gateway and the gateway that accepted the request.</summary>
    public async Task NotifyAsync(AnswerCombined combined, string result, Completion completion)
    {
        waiters.Complete(combined.Answer.Id, result);
        if (completion == Completion.FirstAndWanted)
        {
            signals.Set(combined.Tenant, combined.Subscription);
        }

        if (combined.Gateway != identity.Instance)
        {
            await channel.NotifyAsync(combined.Gateway, combined.Answer.Id, result);
        }
    }

    /// <summary>Replies to a client that sent the request by AMQP, before the answer's message is acknowledged, so that no crash loses the reply.</summary>
    public Task ReplyAsync(AnswerCombined combined, string result) => combined.ReplyTo is { } address && replies is not null
        ? replies.SendAsync(address, combined.Answer.Id, result, drain.Token)
        : Task.CompletedTask;
}
