using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// The roles of the bare program. They use RabbitMQ.Client only, without HTTP, store, deadline, retry, tracing or reconnect, and do not
/// parse message bodies.
/// </summary>
internal static class BareRoles
{
    // The same prefetch as the services.
    private const ushort CombinerPrefetch = 256;
    private const ushort ExpertPrefetch = 64;

    /// <summary>Asks the experts, collects all opinions, publishes the result, then acknowledges.</summary>
    public static async Task CombineAsync(BareQueues queues, CancellationToken cancellationToken)
    {
        var open = new ConcurrentDictionary<string, PendingOpinions>();
        await queues.ConsumeAsync(
            BareQueues.Opinions,
            CombinerPrefetch,
            (_, request) =>
            {
                if (open.TryGetValue(request, out var pending))
                {
                    pending.Record();
                }

                return Task.CompletedTask;
            },
            cancellationToken);
        await queues.ConsumeAsync(
            BareQueues.Fuse,
            CombinerPrefetch,
            async (_, request) =>
            {
                var pending = open[request] = new PendingOpinions(queues.Experts);
                await Task.WhenAll(Enumerable.Range(0, queues.Experts).Select(expert => queues.PublishAsync(BareQueues.Expert(expert), request, BareQueues.AnalyzeBody)));
                await pending.Complete;
                open.TryRemove(request, out var _);
                await queues.PublishAsync(BareQueues.Results, request, BareQueues.ResultBody);
            },
            cancellationToken);
    }

    /// <summary>Answers every request with an unconfirmed opinion.</summary>
    public static async Task AnswerAsync(BareQueues queues, CancellationToken cancellationToken)
    {
        for (var expert = 0; expert < queues.Experts; expert++)
        {
            await queues.ConsumeAsync(
                BareQueues.Expert(expert),
                ExpertPrefetch,
                async (channel, request) =>
                    await channel.BasicPublishAsync("", BareQueues.Opinions, mandatory: false, new BasicProperties { MessageId = request }, BareQueues.OpinionBody, cancellationToken),
                cancellationToken);
        }
    }

    private sealed class PendingOpinions(int missing)
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = missing;

        public Task Complete => _complete.Task;

        public void Record()
        {
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                _complete.TrySetResult();
            }
        }
    }
}
