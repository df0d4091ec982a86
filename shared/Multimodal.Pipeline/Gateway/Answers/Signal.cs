namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>
/// Releases all waiters on the next <see cref="Set"/>. Take <see cref="Next"/> first and then check the state, so that no signal is missed.
/// </summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes on the next <see cref="Set"/>.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Releases all current waiters.</summary>
    public void Set() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
