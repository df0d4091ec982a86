namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Releases all waiters at its next occurrence. To miss none, take <see cref="Next"/> first and then check the state.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next occurrence.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Releases the waiters.</summary>
    public void Set() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
