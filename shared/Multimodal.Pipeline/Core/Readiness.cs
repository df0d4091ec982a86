namespace Multimodal.Pipeline.Core;

/// <summary>Whether the process can work: everything is loaded, connected and recovered, no shutdown has begun, and the broker takes messages.</summary>
/// <param name="isConnected">Whether the broker is connected and takes messages; null without a broker.</param>
internal sealed class Readiness(Func<bool>? isConnected = null)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the start is finished.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether the start is finished.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>Whether a shutdown has begun.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the start is finished, no shutdown has begun, and the broker takes messages.</summary>
    public bool IsReady => IsOpen && !IsClosed && (isConnected is null || isConnected());

    /// <summary>Marks the start as finished.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Marks the shutdown as begun, for good.</summary>
    public void Close() => IsClosed = true;
}
