using System.Collections.Frozen;
using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Combiner;

/// <summary>What one expert replied: exactly one of the two is set.</summary>
internal readonly record struct Reply(ExpertAnswered? Answered, ExpertDeclined? Declined);

/// <summary>Collects the replies to one request until all have come or somebody closes it. Thread-safe.</summary>
internal sealed class Gathering
{
    private readonly Lock _lock = new();
    private readonly FrozenSet<string> _expected;
    private readonly Dictionary<string, Reply> _replies;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <summary>Ends when the answer is published, or fails as the publishing did.</summary>
    public Task Published => _published.Task;

    /// <param name="expected">The experts that were asked.</param>
    public Gathering(IEnumerable<string> expected)
    {
        _expected = expected.ToFrozenSet(StringComparer.Ordinal);
        _replies = new(_expected.Count, StringComparer.Ordinal);
        if (_expected.Count == 0)
        {
            _over.SetResult();
        }
    }

    /// <summary>Takes the first reply of an expected expert.</summary>
    /// <returns>False for a second reply, an expert that was not asked, or a reply after the close; nothing changes then.</returns>
    public bool Take(string expert, Reply reply)
    {
        lock (_lock)
        {
            if (_closed || !_expected.Contains(expert) || !_replies.TryAdd(expert, reply))
            {
                return false;
            }

            if (_replies.Count == _expected.Count)
            {
                _over.TrySetResult();
            }

            return true;
        }
    }

    /// <summary>The experts that have not replied yet.</summary>
    public IReadOnlyList<string> Missing()
    {
        lock (_lock)
        {
            return [.. _expected.Where(expert => !_replies.ContainsKey(expert))];
        }
    }

    /// <summary>Says what became of the answer, to whoever else holds a copy of the request.</summary>
    /// <param name="failure">Null when it is published.</param>
    public void End(Exception? failure)
    {
        if (failure is null)
        {
            _published.TrySetResult();
        }
        else
        {
            _published.TrySetException(failure);

            // Mostly nobody holds a copy; then nobody looks.
            _ = _published.Task.Exception;
        }
    }

    /// <summary>Waits until every expected expert replied or the time is up, and closes.</summary>
    /// <param name="patience">How long to wait at most; zero or less closes at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait with an exception: the process stops.</param>
    /// <returns>The replies by expert; they do not change any more.</returns>
    public async Task<IReadOnlyDictionary<string, Reply>> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (patience > TimeSpan.Zero)
        {
            await using var deadline = time.CreateTimer(_ => _over.TrySetResult(), null, patience, Timeout.InfiniteTimeSpan);
            await _over.Task.WaitAsync(cancellationToken);
        }

        lock (_lock)
        {
            _closed = true;
            return _replies;
        }
    }
}
