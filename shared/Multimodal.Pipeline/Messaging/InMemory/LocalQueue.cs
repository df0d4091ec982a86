using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>
/// A queue in memory and its competing readers. Its length is not limited, because the gateway's in-flight limit bounds the number of messages.
/// Thread-safe.
/// </summary>
internal sealed class LocalQueue
{
    private readonly Channel<LocalMessage> _messages = Channel.CreateUnbounded<LocalMessage>();
    private readonly ConcurrentBag<Task> _readers = [];
    private volatile bool _drop;

    /// <summary>Appends a message for the next free reader.</summary>
    /// <returns>False if the queue was stopped.</returns>
    public bool Send(LocalMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Adds readers.</summary>
    /// <param name="concurrency">The number of readers, which is the maximum number of messages handled at once.</param>
    /// <param name="handle">Handles one message. Must be thread-safe and must not throw.</param>
    public void Serve(int concurrency, Func<LocalMessage, Task> handle)
    {
        for (var reader = 0; reader < concurrency; reader++)
        {
            _readers.Add(Task.Run(() => ReadAsync(handle)));
        }
    }

    /// <summary>Closes the queue and waits for its readers to finish.</summary>
    /// <param name="drop">Whether to drop the messages that are still queued.</param>
    /// <param name="cancellationToken">Stops the wait with an exception.</param>
    public Task StopAsync(bool drop, CancellationToken cancellationToken)
    {
        _drop = drop;
        _messages.Writer.TryComplete();
        return Task.WhenAll(_readers).WaitAsync(cancellationToken);
    }

    private async Task ReadAsync(Func<LocalMessage, Task> handle)
    {
        // ReadAllAsync would wake every idle reader for each message.
        while (await NextAsync() is { } message && !_drop)
        {
            await handle(message);
        }
    }

    /// <returns>Null if the queue was stopped and is empty.</returns>
    private async ValueTask<LocalMessage?> NextAsync()
    {
        try
        {
            return await _messages.Reader.ReadAsync();
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }
}
