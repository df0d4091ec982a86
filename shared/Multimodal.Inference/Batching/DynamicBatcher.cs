using System.Threading.Channels;

namespace Multimodal.Inference.Batching;

/// <summary>
/// Gathers items that arrive one by one into batches, prepares one batch while another runs, and answers every item.
/// </summary>
/// <remarks>
/// <para>An item is in one of these states; arrows to the right are answers, and each accepted item gets exactly one:</para>
/// <code>
/// Submit ──full──────────────────────────────────────────► Overloaded      (never enters; admission counts what Backlog counts)
///    │
/// Waiting ──caller gone──────────────────────────────────► cancelled       (at once, and its place is free)
///    │  closed: by count, cost, or age of the first item; first item starts the clock
///    ├──deadline passed──────────────────────────────────► Expired
/// Preparing ──refused by the work / threw────────────────► its refusal / Failed (alone)
///    │  hand-over of one batch: the next is closed only when this one has been taken, so that it can still grow
/// Handed over ──deadline passed / caller gone────────────► Expired / cancelled
///    │
/// Running ──results──────────────────────────────────────► Completed
///    └──threw: its items run again one by one────────────► Completed, or Failed (alone)
/// </code>
/// <para>Once an item is prepared its caller hears nothing before the batcher has let go of it, so its memory may be reused
/// when the answer is there. A batch that returns too many or too few results is a bug in the work: all its items fail.</para>
/// <para>Disposing refuses new items, closes what waits at once and lets everything finish within
/// <see cref="BatchingOptions.DrainTimeout"/>; then what has not run is refused as Stopping and the running batch is cancelled.</para>
/// </remarks>
internal sealed class DynamicBatcher<TItem, TResult> : IAsyncDisposable
{
    private readonly IBatchProcessor<TItem, TResult> _work;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly BatchQueue<TItem, TResult> _line;
    private readonly ITimer _clock;
    private readonly SemaphoreSlim _due = new(0);
    private readonly Channel<List<BatchEntry<TItem, TResult>>> _handOver;
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _loops;
    private int _backlog;
    private bool _stopping;

    /// <summary>Starts with nothing waiting.</summary>
    public DynamicBatcher(IBatchProcessor<TItem, TResult> work, BatchingOptions options, TimeProvider time)
    {
        (_work, _options, _time) = (work, options, time);
        _line = new BatchQueue<TItem, TResult>(options, time);
        _clock = time.CreateTimer(static state => ((DynamicBatcher<TItem, TResult>)state!).OnClock(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _handOver = Channel.CreateBounded<List<BatchEntry<TItem, TResult>>>(new BoundedChannelOptions(1) { SingleWriter = true });
        var runners = Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(RunLoopAsync));
        _loops = Task.WhenAll(runners.Append(Task.Run(PrepareLoopAsync)).ToArray());
    }

    /// <summary>Items accepted and not yet answered.</summary>
    public int Backlog => Volatile.Read(ref _backlog);

    /// <summary>Hands in one item and waits for what becomes of it.</summary>
    /// <param name="item">The item; the batcher lets go of it before the task ends.</param>
    /// <param name="cost">Its cost, at least 0, in the unit of <see cref="BatchingOptions.MaxBatchCost"/>.</param>
    /// <param name="deadline">After this moment it is not computed any more.</param>
    /// <param name="cancellationToken">Takes it back, unless it is being computed.</param>
    /// <exception cref="OperationCanceledException">It was taken back.</exception>
    public async Task<BatchOutcome<TResult>> SubmitAsync(TItem item, long cost, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new BatchEntry<TItem, TResult>(item, cost, deadline, _time.GetTimestamp(), cancellationToken);
        lock (_gate)
        {
            if (_stopping || _backlog >= _options.Capacity)
            {
                return new BatchOutcome<TResult>.Refused(_stopping ? BatchRefusal.Stopping : BatchRefusal.Overloaded);
            }

            Interlocked.Increment(ref _backlog);
            _line.Add(entry);
            Wake();
        }

        using var registration = cancellationToken.UnsafeRegister(_ => TakeBack(entry), null);
        return await entry.Answer.ConfigureAwait(false);
    }

    /// <summary>Refuses new items and lets the accepted ones finish in bounded time.</summary>
    /// <returns>False when the running batch would not end: what it uses must not be freed.</returns>
    public async Task<bool> StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Signal();
        }

        if (await EndedWithinAsync(_options.DrainTimeout).ConfigureAwait(false))
        {
            return true;
        }

        await _abort.CancelAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _line.Take(DropDead);
            Signal();
        }

        return await EndedWithinAsync(_options.DrainTimeout).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> EndedWithinAsync(TimeSpan limit)
    {
        try
        {
            await _loops.WaitAsync(limit, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void TakeBack(BatchEntry<TItem, TResult> entry)
    {
        lock (_gate)
        {
            if (!_line.Remove(entry))
            {
                return; // Being computed: the loops look at its token before each step.
            }

            Wake();
        }

        Cancel(entry);
    }

    private void OnClock()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    /// <summary>Under the gate: wakes the preparer when a batch is due, else sets the clock to the first item's age.</summary>
    private void Wake()
    {
        if (_line.DueIn(_time.GetTimestamp()) is not { } left)
        {
            return;
        }

        if (left == TimeSpan.Zero)
        {
            Signal();
        }
        else
        {
            // Timers tick in milliseconds; rounding up avoids firing before the item is of age.
            _clock.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Signal()
    {
        if (_due.CurrentCount == 0)
        {
            _due.Release();
        }
    }

    private async Task PrepareLoopAsync()
    {
        while (await _handOver.Writer.WaitToWriteAsync().ConfigureAwait(false) && await NextAsync().ConfigureAwait(false) is { } batch)
        {
            Prepare(batch);
            batch.RemoveAll(static entry => entry.IsAnswered);
            if (batch.Count > 0)
            {
                await _handOver.Writer.WriteAsync(batch).ConfigureAwait(false);
            }
        }

        _handOver.Writer.Complete();
    }

    /// <summary>Waits until a batch is due and closes it.</summary>
    /// <returns>Null when the batcher stops and nothing waits any more.</returns>
    private async Task<List<BatchEntry<TItem, TResult>>?> NextAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_line.Count == 0 && _stopping)
                {
                    return null;
                }

                if (_line.Count > 0 && (_stopping || _line.DueIn(_time.GetTimestamp()) == TimeSpan.Zero))
                {
                    var batch = _line.Take(DropDead);
                    Wake(); // The first of those left starts the clock anew, from its own arrival.
                    return batch;
                }
            }

            await _due.WaitAsync().ConfigureAwait(false);
        }
    }

    private void Prepare(List<BatchEntry<TItem, TResult>> batch)
    {
        if (batch.Count == 1 || _options.PreprocessThreads == 1)
        {
            batch.ForEach(Prepare);
        }
        else
        {
            Parallel.ForEach(batch, new ParallelOptions { MaxDegreeOfParallelism = _options.PreprocessThreads }, Prepare);
        }
    }

    private void Prepare(BatchEntry<TItem, TResult> entry)
    {
        if (DropDead(entry))
        {
            return;
        }

        var start = _time.GetTimestamp();
        try
        {
            if (!_work.TryPrepare(entry.Item, out var refusal))
            {
                Answer(entry, new BatchOutcome<TResult>.Completed(refusal, null));
            }
        }
        catch (Exception exception)
        {
            Answer(entry, new BatchOutcome<TResult>.Refused(BatchRefusal.Failed, exception));
        }

        entry.Prepare = _time.GetElapsedTime(start);
    }

    private async Task RunLoopAsync()
    {
        await foreach (var batch in _handOver.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await RunAsync(batch).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(List<BatchEntry<TItem, TResult>> batch)
    {
        batch.RemoveAll(DropDead);
        if (batch.Count == 0)
        {
            return;
        }

        var start = _time.GetTimestamp();
        IReadOnlyList<TResult> results;
        try
        {
            results = await _work.RunAsync(batch.ConvertAll(static entry => entry.Item), _abort.Token).ConfigureAwait(false);
            if (_options.MinRunTime - _time.GetElapsedTime(start) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, _time, _abort.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (batch.Count == 1 || _abort.IsCancellationRequested)
        {
            var reason = _abort.IsCancellationRequested ? BatchRefusal.Stopping : BatchRefusal.Failed;
            batch.ForEach(entry => Answer(entry, new BatchOutcome<TResult>.Refused(reason, exception)));
            return;
        }
        catch (Exception)
        {
            foreach (var entry in batch)
            {
                await RunAsync([entry]).ConfigureAwait(false);
            }

            return;
        }

        var run = _time.GetElapsedTime(start);
        if (results.Count != batch.Count)
        {
            var bug = new InvalidOperationException($"{results.Count} results for a batch of {batch.Count}. This is a bug in {_work.GetType()}.");
            batch.ForEach(entry => Answer(entry, new BatchOutcome<TResult>.Refused(BatchRefusal.Failed, bug)));
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            var queue = _time.GetElapsedTime(entry.Arrived, start) - entry.Prepare;
            Answer(entry, new BatchOutcome<TResult>.Completed(results[i], new BatchTimings(queue, entry.Prepare, run, batch.Count)));
        }
    }

    /// <summary>Answers an item that nobody waits for, or that may not run any more.</summary>
    private bool DropDead(BatchEntry<TItem, TResult> entry)
    {
        if (entry.IsCancelled)
        {
            Cancel(entry);
            return true;
        }

        if (_abort.IsCancellationRequested || entry.Deadline <= _time.GetUtcNow())
        {
            var reason = _abort.IsCancellationRequested ? BatchRefusal.Stopping : BatchRefusal.Expired;
            Answer(entry, new BatchOutcome<TResult>.Refused(reason));
            return true;
        }

        return false;
    }

    private void Answer(BatchEntry<TItem, TResult> entry, BatchOutcome<TResult> outcome)
    {
        Interlocked.Decrement(ref _backlog);
        entry.TryAnswer(outcome);
    }

    private void Cancel(BatchEntry<TItem, TResult> entry)
    {
        Interlocked.Decrement(ref _backlog);
        entry.TryCancel();
    }
}
