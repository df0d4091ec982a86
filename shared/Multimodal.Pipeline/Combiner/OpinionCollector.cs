namespace Multimodal.Pipeline.Combiner;

/// <summary>Collects the replies to one request, of the experts asked so far, until somebody closes it. Thread-safe.</summary>
internal sealed class OpinionCollector
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reply> _replies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reply> _shadowReplies = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _shadows = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = New();
    private int _seen;
    private bool _closed;

    /// <summary>Ends when the answer is published, or fails as the publishing did.</summary>
    public Task Published => _published.Task;

    /// <summary>The experts whose replies are taken from now on, beside those asked before.</summary>
    public void Ask(IEnumerable<string> experts)
    {
        lock (_lock)
        {
            _asked.UnionWith(experts);
        }
    }

    /// <summary>
    /// The experts in shadow whose replies are taken from now on. They are no news: nobody waits for them, none of them is missing, and
    /// <see cref="Replies"/> does not show them; <see cref="Close"/> does.
    /// </summary>
    public void AskInShadow(IEnumerable<string> experts)
    {
        lock (_lock)
        {
            _shadows.UnionWith(experts);
        }
    }

    /// <summary>Takes the first reply of an expert that was asked.</summary>
    /// <returns>False for a second reply, an expert that was not asked, or a reply after the close; nothing changes then.</returns>
    public bool Take(string expert, Reply reply)
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

            _news.TrySetResult();
            return true;
        }
    }

    /// <summary>The experts that were asked and have not replied yet.</summary>
    public IReadOnlyList<string> Missing()
    {
        lock (_lock)
        {
            return [.. _asked.Where(expert => !_replies.ContainsKey(expert))];
        }
    }

    /// <summary>Whether a reply of the expert was taken, in shadow or not.</summary>
    public bool Heard(string expert)
    {
        lock (_lock)
        {
            return _replies.ContainsKey(expert) || _shadowReplies.ContainsKey(expert);
        }
    }

    /// <summary>The replies so far, by expert; a copy.</summary>
    public IReadOnlyDictionary<string, Reply> Replies()
    {
        lock (_lock)
        {
            _seen = _replies.Count;
            if (_news.Task.IsCompleted)
            {
                _news = New();
            }

            return new Dictionary<string, Reply>(_replies, StringComparer.Ordinal);
        }
    }

    /// <summary>Waits for a reply that <see cref="Replies"/> has not shown yet, or until the time is up.</summary>
    /// <param name="patience">How long to wait at most; zero or less does not wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait with an exception: the process stops.</param>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            if (_replies.Count > _seen)
            {
                return;
            }

            news = _news;
        }

        if (patience > TimeSpan.Zero)
        {
            await using var deadline = time.CreateTimer(_ => news.TrySetResult(), null, patience, Timeout.InfiniteTimeSpan);
            await news.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes no more replies.</summary>
    /// <returns>The replies by expert, those of experts in shadow too; they do not change any more.</returns>
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

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
