namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>Lets handlers go in groups: with fewer at once than a group it hangs, with more it counts them.</summary>
/// <param name="size">Members of a group.</param>
/// <param name="expected">Handlers in all; a multiple of the size.</param>
internal sealed class Rendezvous(int size, int expected)
{
    private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource _group = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;
    private int _running;
    private int _done;

    /// <summary>The most handlers that ran at once.</summary>
    public int Most { get; private set; }

    /// <summary>Ends when all have left.</summary>
    public Task AllDone => _allDone.Task;

    /// <summary>Waits for the rest of the group.</summary>
    public async Task MeetAsync()
    {
        Task group;
        lock (_lock)
        {
            Most = Math.Max(Most, ++_running);
            group = _group.Task;

            // By arrival, not by those running: one that arrives while others have not left yet would pass alone, and the last group would wait
            // for a member that never comes.
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
