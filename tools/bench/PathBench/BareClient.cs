using System.Collections.Concurrent;

namespace Multimodal.Bench.PathBench;

/// <summary>The bare program's counterpart of client, gateway and store: sends a request and waits for its result.</summary>
internal sealed class BareClient(BareQueues queues)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
    private int _last;

    /// <summary>Starts to consume results.</summary>
    public Task ServeAsync(CancellationToken cancellationToken) => queues.ConsumeAsync(
        BareQueues.Results,
        256,
        (_, request) =>
        {
            if (_waiting.TryRemove(request, out var waiting))
            {
                waiting.TrySetResult();
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Sends one request and completes with its result.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var request = Interlocked.Increment(ref _last).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var result = _waiting[request] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queues.PublishAsync(BareQueues.Fuse, request, BareQueues.FuseBody);
        await result.Task.WaitAsync(cancellationToken);
    }
}
