using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>
/// A queue of this process and its competing readers. Its length has no bound of its own: admission bounds the requests in the process, and so the
/// messages. Thread-safe.
/// </summary>
internal sealed class LocalQueue
{
    private readonly Channel<LocalMessage> _messages = Channel.CreateUnbounded<LocalMessage>();
    private readonly ConcurrentBag<Task> _readers = [];
    private volatile bool _drop;

    /// <summary>Appends a message; it waits until a reader is free, or until there is one.</summary>
    /// <returns>False if the queue was stopped.</returns>
    public bool Send(LocalMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Adds readers.</summary>
    /// <param name="concurrency">Their number, so the most messages that are handled at once.</param>
    /// <param name="handle">Handles one message and does not throw; thread-safe.</param>
    public void Serve(int concurrency, Func<LocalMessage, Task> handle)
    {
        for (var reader = 0; reader < concurrency; reader++)
        {
            _readers.Add(Task.Run(() => ReadAsync(handle)));
        }
    }

    /// <summary>Takes no more messages and lets its readers finish.</summary>
    /// <param name="drop">Whether they finish what is in hand only, or what waits too.</param>
    /// <param name="cancellationToken">Ends the waiting with an exception.</param>
    public Task StopAsync(bool drop, CancellationToken cancellationToken)
    {
        _drop = drop;
        _messages.Writer.TryComplete();
        return Task.WhenAll(_readers).WaitAsync(cancellationToken);
    }

    private async Task ReadAsync(Func<LocalMessage, Task> handle)
    {
        // Not ReadAllAsync: it waits for news of the channel, and each message would wake every idle reader.
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
