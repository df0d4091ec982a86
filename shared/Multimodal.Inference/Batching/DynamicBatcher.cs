namespace Multimodal.Inference.Batching;

/// <summary>
/// Combines items that arrive one by one into batches. It prepares one batch while another runs, and completes every accepted item
/// exactly once.
/// </summary>
/// <remarks>
/// <para>The states of an item (left) and its outcomes (right):</para>
/// <code>
/// Submit ──capacity reached──────────────────────────────► Overloaded      (not accepted)
///    │
/// Waiting ──caller cancels───────────────────────────────► cancelled       (at once; leaves the queue)
///    │  the batch closes (<see cref="BatchClosing{TItem, TResult}"/>)
///    ├──deadline passed──────────────────────────────────► Expired
/// Preparing ──refused by the processor / threw───────────► its refusal / Failed (this item only)
///    │  one prepared batch waits at a time; until it runs, the next batch stays open and grows
/// Prepared ──deadline passed / caller cancels────────────► Expired / cancelled
///    │
/// Running ──results──────────────────────────────────────► Completed
///    └──threw: its items run again one by one────────────► Completed, or Failed (this item only)
/// </code>
/// <para>From preparation on, the task of an item completes only after the batcher has released the item. The caller may then reuse
/// its memory. If the processor returns the wrong number of results, which is a bug, all items of the batch fail.</para>
/// <para>Stopping refuses new items and closes the open batch at once. Accepted items have <see cref="BatchingOptions.DrainTimeout"/>
/// to complete. Then those that have not run are refused as Stopping, and the running batch is cancelled.</para>
/// </remarks>
internal sealed class DynamicBatcher<TItem, TResult> : IAsyncDisposable
{
    // Below this time, starting the threads takes longer than they save.
    private static readonly TimeSpan WorthThreads = TimeSpan.FromMilliseconds(0.1);

    private readonly IBatchProcessor<TItem, TResult> _processor;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly BatchQueue<TItem, TResult> _queue;
    private readonly BatchClosing<TItem, TResult> _closing;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _runs;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _workers;
    private int _backlog;
    private int _closed;
    private bool _stopping;

    /// <summary>Creates a batcher and starts its workers.</summary>
    public DynamicBatcher(IBatchProcessor<TItem, TResult> processor, BatchingOptions options, TimeProvider time)
    {
        (_processor, _options, _time) = (processor, options, time);
        _queue = new BatchQueue<TItem, TResult>(options.MaxBatchCost, bucket => _closing!.MaxSize(bucket));
        _closing = new BatchClosing<TItem, TResult>(_queue, options, processor.Profile, time);
        _runs = new SemaphoreSlim(options.Concurrency);
        _timer = time.CreateTimer(
            static state => ((DynamicBatcher<TItem, TResult>)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // One worker for each concurrent run, and one that prepares meanwhile.
        _workers = Task.WhenAll(Enumerable.Range(0, options.Concurrency + 1).Select(_ => Task.Run(WorkAsync)).ToArray());
    }

    /// <summary>Number of items accepted and not yet completed.</summary>
    public int Backlog => Volatile.Read(ref _backlog);

    /// <summary>Submits one item and waits for its outcome.</summary>
    /// <param name="item">The item. The batcher does not use it after the task has completed.</param>
    /// <param name="cost">Its cost, at least 0, in the unit of <see cref="BatchingOptions.MaxBatchCost"/>.</param>
    /// <param name="deadline">The time after which it is not run.</param>
    /// <param name="cancellationToken">Removes the item, unless it is being prepared or run.</param>
    /// <exception cref="OperationCanceledException">The item was removed.</exception>
    public async Task<BatchOutcome<TResult>> SubmitAsync(TItem item, long cost, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new BatchEntry<TItem, TResult>(item, _processor.Bucket(item), cost, deadline, _time.GetTimestamp(), cancellationToken);
        lock (_lock)
        {
            if (_stopping || _backlog >= _options.Capacity)
            {
                return new BatchOutcome<TResult>.Refused(_stopping ? BatchRefusal.Stopping : BatchRefusal.Overloaded);
            }

            Interlocked.Increment(ref _backlog);
            _queue.Add(entry);
            _closing.Arrive(entry.Arrived);
            SignalOrSchedule();
        }

        using var registration = cancellationToken.UnsafeRegister(_ => Withdraw(entry), null);
        return await entry.Outcome.ConfigureAwait(false);
    }

    /// <summary>Refuses new items and waits for the accepted ones, at most twice the drain timeout.</summary>
    /// <returns>False if the running batch did not end. The resources that it uses must then not be freed.</returns>
    public async Task<bool> StopAsync()
    {
        lock (_lock)
        {
            _stopping = true;
            Signal();
        }

        if (await EndedWithinAsync(_options.DrainTimeout).ConfigureAwait(false))
        {
            return true;
        }

        await _abort.CancelAsync().ConfigureAwait(false);
        lock (_lock)
        {
            while (_queue.Count > 0)
            {
                _queue.Take(TryDrop);
            }

            Signal();
        }

        return await EndedWithinAsync(_options.DrainTimeout).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> EndedWithinAsync(TimeSpan limit)
    {
        try
        {
            await _workers.WaitAsync(limit, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Withdraw(BatchEntry<TItem, TResult> entry)
    {
        lock (_lock)
        {
            if (!_queue.Remove(entry))
            {
                return; // It is being prepared or run. The workers check its token before each step.
            }

            SignalOrSchedule();
        }

        Cancel(entry);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            SignalOrSchedule();
        }
    }

    /// <summary>Signals the preparing worker if a batch closes now, else sets the timer. The caller holds the lock.</summary>
    private void SignalOrSchedule()
    {
        if (TimeToClose() is not { } left)
        {
            return;
        }

        if (left == TimeSpan.Zero)
        {
            Signal();
        }
        else
        {
            // Timers have a resolution of one millisecond. Rounded down, the timer would fire before the batch closes.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    private TimeSpan? TimeToClose() => _closing.TimeToClose(_time.GetTimestamp(), _closed < _options.Concurrency);

    /// <summary>Takes batches, prepares and runs them. One worker at a time takes and prepares, so batches start in the order of their items.</summary>
    private async Task WorkAsync()
    {
        while (true)
        {
            List<BatchEntry<TItem, TResult>> batch;
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                if (await NextAsync().ConfigureAwait(false) is not { } next)
                {
                    return;
                }

                batch = next;
                Prepare(batch);
                await _runs.WaitAsync().ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }

            await RunAsync(batch).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a batch closes.</summary>
    /// <returns>The batch; null if the batcher is stopping and its queue is empty.</returns>
    private async Task<List<BatchEntry<TItem, TResult>>?> NextAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_queue.Count == 0 && _stopping)
                {
                    return null;
                }

                if (_queue.Count > 0 && (_stopping || TimeToClose() == TimeSpan.Zero))
                {
                    var batch = _queue.Take(TryDrop);
                    _closed++;
                    _closing.Reset();
                    SignalOrSchedule(); // For the items that are left.
                    return batch;
                }
            }

            await _signal.WaitAsync().ConfigureAwait(false);
        }
    }

    private void Prepare(List<BatchEntry<TItem, TResult>> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        if (batch.Count == 1 || _options.PreprocessThreads == 1 || !_closing.IsLong(batch.Count, WorthThreads))
        {
            batch.ForEach(Prepare);
        }
        else
        {
            Parallel.ForEach(batch, new ParallelOptions { MaxDegreeOfParallelism = _options.PreprocessThreads }, Prepare);
        }

        var spent = TimeSpan.Zero;
        batch.ForEach(entry => spent += entry.Prepare);
        lock (_lock)
        {
            _closing.Learn(spent / batch.Count);
        }

        batch.RemoveAll(static entry => entry.IsCompleted);
    }

    private void Prepare(BatchEntry<TItem, TResult> entry)
    {
        if (TryDrop(entry))
        {
            return;
        }

        var start = _time.GetTimestamp();
        try
        {
            if (!_processor.TryPrepare(entry.Item, out var refusal))
            {
                Complete(entry, new BatchOutcome<TResult>.Completed(refusal, null));
            }
        }
        catch (Exception exception)
        {
            Complete(entry, new BatchOutcome<TResult>.Refused(BatchRefusal.Failed, exception));
        }

        entry.Prepare = _time.GetElapsedTime(start);
    }

    private async Task RunAsync(List<BatchEntry<TItem, TResult>> batch)
    {
        batch.RemoveAll(TryDrop);
        IReadOnlyList<BatchOutcome<TResult>>? outcomes = [];
        if (batch.Count > 0)
        {
            outcomes = await TryRunAsync(batch).ConfigureAwait(false);
        }

        if (outcomes is null)
        {
            foreach (var entry in batch.Where(entry => !TryDrop(entry)))
            {
                Complete(entry, (await TryRunAsync([entry]).ConfigureAwait(false))![0]);
            }
        }

        // The run ends before its items complete, so that a caller's next item finds it free.
        _runs.Release();
        lock (_lock)
        {
            _closed--;
            SignalOrSchedule();
        }

        foreach (var (entry, outcome) in batch.Zip(outcomes ?? []))
        {
            Complete(entry, outcome);
        }
    }

    /// <summary>Runs a batch.</summary>
    /// <returns>One outcome per item; null if several items failed together.</returns>
    private async Task<IReadOnlyList<BatchOutcome<TResult>>?> TryRunAsync(List<BatchEntry<TItem, TResult>> batch)
    {
        var start = _time.GetTimestamp();
        IReadOnlyList<TResult> results;
        try
        {
            results = await _processor.RunAsync(batch.ConvertAll(static entry => entry.Item), _abort.Token).ConfigureAwait(false);
            if (_options.MinRunTime - _time.GetElapsedTime(start) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, _time, _abort.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (batch.Count == 1 || _abort.IsCancellationRequested)
        {
            var reason = _abort.IsCancellationRequested ? BatchRefusal.Stopping : BatchRefusal.Failed;
            return Refuse(batch, reason, exception);
        }
        catch (Exception)
        {
            return null;
        }

        var run = _time.GetElapsedTime(start);
        if (results.Count != batch.Count)
        {
            var bug = new InvalidOperationException(
                $"{_processor.GetType()} returned {results.Count} results for a batch of {batch.Count} items. This is a bug.");
            return Refuse(batch, BatchRefusal.Failed, bug);
        }

        return [.. batch.Zip(results, (entry, result) =>
        {
            var queue = _time.GetElapsedTime(entry.Arrived, start) - entry.Prepare;
            return new BatchOutcome<TResult>.Completed(result, new BatchTimings(queue, entry.Prepare, run, batch.Count));
        })];
    }

    private static BatchOutcome<TResult>[] Refuse(List<BatchEntry<TItem, TResult>> batch, BatchRefusal reason, Exception cause) =>
        [.. batch.Select(_ => new BatchOutcome<TResult>.Refused(reason, cause))];

    /// <summary>Completes an item that is cancelled or expired, or that the batcher refuses because it is stopping.</summary>
    /// <returns>True if the item was completed.</returns>
    private bool TryDrop(BatchEntry<TItem, TResult> entry)
    {
        if (entry.IsCancelled)
        {
            Cancel(entry);
            return true;
        }

        if (_abort.IsCancellationRequested || entry.Deadline <= _time.GetUtcNow())
        {
            var reason = _abort.IsCancellationRequested ? BatchRefusal.Stopping : BatchRefusal.Expired;
            Complete(entry, new BatchOutcome<TResult>.Refused(reason));
            return true;
        }

        return false;
    }

    private void Complete(BatchEntry<TItem, TResult> entry, BatchOutcome<TResult> outcome)
    {
        Interlocked.Decrement(ref _backlog);
        entry.TryComplete(outcome);
    }

    private void Cancel(BatchEntry<TItem, TResult> entry)
    {
        Interlocked.Decrement(ref _backlog);
        entry.TryCancel();
    }
}
