using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Core;

/// <summary>Whether the process can work: not before everything is loaded, connected and recovered, nor while the broker is away or full.</summary>
/// <param name="link">The connection to the broker; null in memory.</param>
internal sealed class Readiness(BrokerLink? link = null)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the process has come up.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether the process has come up.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>Whether the process has been asked to end.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it has come up, is not ending, and the broker takes messages.</summary>
    public bool IsReady => IsOpen && !IsClosed && (link is null || link.IsOpen);

    /// <summary>Opens the door.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Closes it for good.</summary>
    public void Close() => IsClosed = true;
}
