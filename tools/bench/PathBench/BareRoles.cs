using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// What the three processes of the bare program do: RabbitMQ.Client and nothing else. No HTTP, no store, no deadline, no body that
/// anybody reads, no retry, no trace, no reconnect.
/// </summary>
internal static class BareRoles
{
    // As many at once as ours take.
    private const ushort CombinerPrefetch = 256;
    private const ushort ExpertPrefetch = 64;

    /// <summary>Asks the experts, gathers all opinions, publishes the result, then acknowledges.</summary>
    public static async Task CombineAsync(BareQueues queues, CancellationToken cancellationToken)
    {
        var open = new ConcurrentDictionary<string, Gathering>();
        await queues.ConsumeAsync(
            BareQueues.Opinions,
            CombinerPrefetch,
            (_, request) =>
            {
                if (open.TryGetValue(request, out var gathering))
                {
                    gathering.Note();
                }

                return Task.CompletedTask;
            },
            cancellationToken);
        await queues.ConsumeAsync(
            BareQueues.Fuse,
            CombinerPrefetch,
            async (_, request) =>
            {
                var gathering = open[request] = new Gathering(queues.Experts);
                await Task.WhenAll(Enumerable.Range(0, queues.Experts).Select(expert => queues.PublishAsync(BareQueues.Expert(expert), request, BareQueues.AnalyzeBody)));
                await gathering.Complete;
                open.TryRemove(request, out var _);
                await queues.PublishAsync(BareQueues.Results, request, BareQueues.ResultBody);
            },
            cancellationToken);
    }

    /// <summary>Answers every question with an opinion, which is not confirmed.</summary>
    public static async Task JudgeAsync(BareQueues queues, CancellationToken cancellationToken)
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

    private sealed class Gathering(int missing)
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = missing;

        public Task Complete => _complete.Task;

        public void Note()
        {
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                _complete.TrySetResult();
            }
        }
    }
}
