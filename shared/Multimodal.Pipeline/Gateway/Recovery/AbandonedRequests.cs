using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Answers requests that are given up with status <c>failed</c>.</summary>
internal sealed class AbandonedRequests(IResultChannel results, TransportOptions options, TimeProvider time)
{
    /// <summary>Publishes the answer like any other, so that clients with a queue of their own receive it too.</summary>
    public async Task FailAsync(StoredRequest request)
    {
        var fuse = request.Fuse;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Broker.SendSeconds), time);
        await results.PublishAsync(
            new AnswerCombined
            {
                Tenant = fuse.Tenant,
                Subscription = fuse.Subscription,
                Answer = AnswerAssembly.Failed(fuse, (time.GetUtcNow() - fuse.AcceptedAt).TotalMilliseconds),
                Opinions = new Dictionary<string, IReadOnlyList<double>>(),
                Gateway = fuse.Gateway,
                ReplyTo = fuse.ReplyTo,
            },
            timeout.Token);
    }
}
