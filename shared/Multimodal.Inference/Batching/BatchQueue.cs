namespace Multimodal.Inference.Batching;

/// <summary>
/// The items that wait, first come first served, and the three rules that close a batch: count, cost, and age of the first
/// item. Holds no clock and no lock; the owner guards it and says what time it is.
/// </summary>
internal sealed class BatchQueue<TItem, TResult>(BatchingOptions options, TimeProvider time)
{
    private readonly LinkedList<BatchEntry<TItem, TResult>> _line = new();
    private long _cost;

    public int Count => _line.Count;

    public void Add(BatchEntry<TItem, TResult> entry)
    {
        entry.Node = _line.AddLast(entry);
        _cost += entry.Cost;
    }

    /// <summary>Takes an entry out of the line.</summary>
    /// <returns>False when it does not wait here any more.</returns>
    public bool Remove(BatchEntry<TItem, TResult> entry)
    {
        if (entry.Node is not { } place)
        {
            return false;
        }

        entry.Node = null;
        _line.Remove(place);
        _cost -= entry.Cost;
        return true;
    }

    /// <summary>Time until the first item is of age.</summary>
    /// <returns>Zero when a batch is due now by any rule; null when nothing waits.</returns>
    public TimeSpan? DueIn(long timestamp)
    {
        if (_line.First is not { } first)
        {
            return null;
        }

        if (_line.Count >= options.MaxBatchSize || _cost >= options.MaxBatchCost)
        {
            return TimeSpan.Zero;
        }

        var left = options.MaxDelay - time.GetElapsedTime(first.Value.Arrived, timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes the first items that fit into one batch by count and cost; at least one when any waits.</summary>
    /// <param name="drop">Called for each item in turn; true means it was answered and takes no room in the batch.</param>
    public List<BatchEntry<TItem, TResult>> Take(Func<BatchEntry<TItem, TResult>, bool> drop)
    {
        var batch = new List<BatchEntry<TItem, TResult>>(Math.Min(options.MaxBatchSize, _line.Count));
        var cost = 0L;
        while (_line.First?.Value is { } entry && batch.Count < options.MaxBatchSize)
        {
            if (batch.Count > 0 && cost + entry.Cost > options.MaxBatchCost)
            {
                break;
            }

            Remove(entry);
            if (!drop(entry))
            {
                batch.Add(entry);
                cost += entry.Cost;
            }
        }

        return batch;
    }
}
