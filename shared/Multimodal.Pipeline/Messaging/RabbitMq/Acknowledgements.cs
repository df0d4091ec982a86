using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Acknowledges the messages of one channel. Messages that are handled before the next write share it, and those without a gap before them share one
/// acknowledgement. Thread-safe.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="channel">The channel, whose delivery tags count from 1.</param>
/// <param name="onSettled">Called after each message's acknowledgement is written or has failed.</param>
internal sealed class Acknowledgements(BrokerConnection connection, IChannel channel, Action onSettled)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _ahead = [];
    private List<ulong> _pending = [];
    private ulong _settled;
    private bool _isWriting;

    /// <summary>Acknowledges a message soon.</summary>
    public void Add(ulong tag)
    {
        lock (_lock)
        {
            _pending.Add(tag);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAsync();
    }

    /// <summary>Notes that a message has been rejected. Not before, because an acknowledgement of the messages around it would include it.</summary>
    public void Skip(ulong tag)
    {
        lock (_lock)
        {
            _ahead.Add(tag);
        }
    }

    private async Task WriteAsync()
    {
        // Under load, further messages are handled before this continues.
        await Task.Yield();
        while (Take() is { } batch)
        {
            try
            {
                if (batch.UpTo is { } tag)
                {
                    await connection.AwaitAsync(channel.BasicAckAsync(tag, multiple: true, CancellationToken.None), CancellationToken.None);
                }

                foreach (var single in batch.Singles)
                {
                    await connection.AwaitAsync(channel.BasicAckAsync(single, multiple: false, CancellationToken.None), CancellationToken.None);
                }
            }
            catch (Exception)
            {
                // The broker redelivers the messages on the next connection.
                connection.End();
            }

            for (var settled = 0; settled < batch.Count; settled++)
            {
                onSettled();
            }
        }
    }

    private Batch? Take()
    {
        lock (_lock)
        {
            if (_pending.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var taken = _pending;
            _pending = [];
            taken.Sort();
            _ahead.UnionWith(taken);
            while (_ahead.Remove(_settled + 1))
            {
                _settled++;
            }

            // The broker refuses an acknowledgement of several messages if it covers none that is open, so it names one of these.
            var covered = taken.FindLastIndex(tag => tag <= _settled) + 1;
            return new Batch(covered > 0 ? taken[covered - 1] : null, taken[covered..], taken.Count);
        }
    }

    /// <param name="UpTo">The last message of those without a gap; null for none.</param>
    /// <param name="Singles">The others.</param>
    /// <param name="Count">The number of messages.</param>
    private sealed record Batch(ulong? UpTo, List<ulong> Singles, int Count);
}
