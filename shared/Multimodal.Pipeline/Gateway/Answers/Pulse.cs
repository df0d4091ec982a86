namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Wakes everybody who waits for the next of something. To miss none, take <see cref="Next"/> first and then look.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next beat.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>It happened.</summary>
    public void Beat() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
