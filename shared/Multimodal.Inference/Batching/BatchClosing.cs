namespace Multimodal.Inference.Batching;

/// <summary>
/// Decides when the next batch closes. It has no lock and never reads the clock; the caller holds a lock and passes the current timestamp.
/// </summary>
/// <remarks>
/// <para>A full batch closes at once. Otherwise, with <see cref="BatchingOptions.Adaptive"/>:</para>
/// <list type="bullet">
/// <item>While all runs are in use, the batch stays open and grows. If preparing it takes long, it closes after
/// <see cref="BatchingOptions.MaxDelay"/>, so that preparation overlaps with the runs.</item>
/// <item>When a run is free, the batch closes at once, unless more items are expected soon and waiting for them costs less than the
/// separate run that it saves.</item>
/// </list>
/// </remarks>
internal sealed class BatchClosing<TItem, TResult>(
    BatchQueue<TItem, TResult> queue, BatchingOptions options, Func<int, BatchProfile> profiles, TimeProvider time)
{
    // Timers have a resolution of one millisecond.
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    private readonly ArrivalForecast _forecast = new(time);
    private bool _canClose;
    private TimeSpan _prepareTime;

    /// <summary>Whether preparing a number of items takes so long that it must overlap with runs.</summary>
    public bool IsLong(int items, TimeSpan limit) => _prepareTime * items / options.PreprocessThreads > limit;

    /// <summary>
    /// The size at which a batch of the bucket closes. If preparation takes longer than the run, larger batches cost nothing, and their items are
    /// prepared concurrently.
    /// </summary>
    public int MaxSize(int bucket)
    {
        var profile = profiles(bucket);
        return IsLong(1, profile.Single / 2) ? options.MaxBatchSize : options.MaxFor(profile);
    }

    /// <summary>Records that an item has arrived.</summary>
    public void Arrive(long timestamp) => _forecast.Add(timestamp);

    /// <summary>Records how long the preparation of a batch took per item.</summary>
    public void Learn(TimeSpan prepareTime) => _prepareTime = (_prepareTime + prepareTime) / 2;

    /// <summary>Records that the batch was taken.</summary>
    public void Reset() => _canClose = false;

    /// <summary>Computes the time until the batch closes.</summary>
    /// <param name="timestamp">The current time.</param>
    /// <param name="isRunFree">Whether fewer batches than <see cref="BatchingOptions.Concurrency"/> are prepared or run.</param>
    /// <returns>Zero if it closes now; null if it closes only after another event.</returns>
    public TimeSpan? TimeToClose(long timestamp, bool isRunFree)
    {
        if (queue.Oldest is not { } oldest)
        {
            return null;
        }

        if (options.Adaptive)
        {
            var window = Window(oldest.Bucket);
            if (isRunFree && !_canClose)
            {
                _canClose = true;
                _forecast.Begin(timestamp, window);
            }

            if (!queue.HasFullBatch && isRunFree)
            {
                var isWorthwhile = window >= ShortestDelay && _forecast.IsWaiting && !queue.IsMixed;
                return isWorthwhile ? NotNegative(_forecast.Left(timestamp)) : TimeSpan.Zero;
            }

            if (!queue.HasFullBatch && !IsLong(queue.Count, profiles(oldest.Bucket).Single / 2))
            {
                return null;
            }
        }

        return queue.HasFullBatch ? TimeSpan.Zero : NotNegative(options.MaxDelay - time.GetElapsedTime(oldest.Arrived, timestamp));
    }

    /// <summary>Half of the run that is saved if another item joins the batch.</summary>
    private TimeSpan Window(int bucket)
    {
        var window = profiles(bucket).Single / 2;
        return window < options.MaxDelay ? window : options.MaxDelay;
    }

    private static TimeSpan NotNegative(TimeSpan value) => value > TimeSpan.Zero ? value : TimeSpan.Zero;
}
