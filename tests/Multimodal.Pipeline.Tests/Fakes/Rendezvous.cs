namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>Releases handlers in groups. It hangs if fewer handlers than a group run at once, and counts the maximum.</summary>
/// <param name="size">Handlers per group.</param>
/// <param name="expected">Total number of handlers; a multiple of the size.</param>
internal sealed class Rendezvous(int size, int expected)
{
    private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource _group = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;
    private int _running;
    private int _done;

    /// <summary>The maximum number of handlers that ran at once.</summary>
    public int MaxConcurrent { get; private set; }

    /// <summary>Completes when all handlers have finished.</summary>
    public Task AllDone => _allDone.Task;

    /// <summary>Waits for the rest of the group.</summary>
    public async Task MeetAsync()
    {
        Task group;
        lock (_lock)
        {
            MaxConcurrent = Math.Max(MaxConcurrent, ++_running);
            group = _group.Task;

            // Counts arrivals, not running handlers. Otherwise a handler that arrives before the previous group has finished would pass alone, and the
            // last group would never be complete.
            if (++_arrived % size == 0)
            {
                _group.SetResult();
                _group = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        await group;
        lock (_lock)
        {
            _running--;
            if (++_done == expected)
            {
                _allDone.SetResult();
            }
        }
    }
}
