namespace Multimodal.Pipeline.Combiner;

/// <summary>Collects expert replies for one request until closed. Thread-safe.</summary>
internal sealed class OpinionCollector
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reply> _replies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reply> _shadowReplies = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _shadows = new(StringComparer.Ordinal);
    private TaskCompletionSource _replied = New();
    private int _returnedCount;
    private bool _closed;

    /// <summary>Completes when the answer is published, and fails if publishing fails.</summary>
    public Task Published => _published.Task;

    /// <summary>Adds experts whose replies are accepted from now on.</summary>
    public void Ask(IEnumerable<string> experts)
    {
        lock (_lock)
        {
            _asked.UnionWith(experts);
        }
    }

    /// <summary>
    /// Adds shadow experts whose replies are accepted from now on. Their replies do not end a wait, and are included in the result of
    /// <see cref="Close"/> but not of <see cref="Replies"/> and <see cref="Missing"/>.
    /// </summary>
    public void AskShadows(IEnumerable<string> experts)
    {
        lock (_lock)
        {
            _shadows.UnionWith(experts);
        }
    }

    /// <summary>Accepts the first reply of an expert that was asked.</summary>
    /// <returns>False, without effect, for a second reply, for an expert that was not asked, and after the close.</returns>
    public bool TryAdd(string expert, Reply reply)
    {
        lock (_lock)
        {
            if (!_closed && _shadows.Contains(expert))
            {
                return _shadowReplies.TryAdd(expert, reply);
            }

            if (_closed || !_asked.Contains(expert) || !_replies.TryAdd(expert, reply))
            {
                return false;
            }

            _replied.TrySetResult();
            return true;
        }
    }

    /// <summary>Returns the experts that were asked and have not replied.</summary>
    public IReadOnlyList<string> Missing()
    {
        lock (_lock)
        {
            return [.. _asked.Where(expert => !_replies.ContainsKey(expert))];
        }
    }

    /// <summary>Whether a reply of the expert was accepted, including shadow experts.</summary>
    public bool HasReply(string expert)
    {
        lock (_lock)
        {
            return _replies.ContainsKey(expert) || _shadowReplies.ContainsKey(expert);
        }
    }

    /// <summary>Returns a copy of the replies so far, by expert.</summary>
    public IReadOnlyDictionary<string, Reply> Replies()
    {
        lock (_lock)
        {
            _returnedCount = _replies.Count;
            if (_replied.Task.IsCompleted)
            {
                _replied = New();
            }

            return new Dictionary<string, Reply>(_replies, StringComparer.Ordinal);
        }
    }

    /// <summary>Waits for a reply that <see cref="Replies"/> has not returned yet, or for the timeout.</summary>
    /// <param name="timeout">The maximum time to wait; zero or less does not wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the wait with an exception.</param>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource replied;
        lock (_lock)
        {
            if (_replies.Count > _returnedCount)
            {
                return;
            }

            replied = _replied;
        }

        if (timeout > TimeSpan.Zero)
        {
            await using var deadline = time.CreateTimer(_ => replied.TrySetResult(), null, timeout, Timeout.InfiniteTimeSpan);
            await replied.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops accepting replies.</summary>
    /// <returns>The final replies by expert, including shadow experts.</returns>
    public IReadOnlyDictionary<string, Reply> Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var (expert, reply) in _shadowReplies)
            {
                _replies.TryAdd(expert, reply);
            }

            return _replies;
        }
    }

    /// <summary>Signals the outcome to consumers of redelivered copies of the request.</summary>
    /// <param name="failure">The failure; null if the answer is published.</param>
    public void End(Exception? failure)
    {
        if (failure is null)
        {
            _published.TrySetResult();
        }
        else
        {
            _published.TrySetException(failure);

            // Usually no other task awaits the result. Reading the exception marks it as observed.
            _ = _published.Task.Exception;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
