namespace Multimodal.Inference.Batching;

/// <summary>
/// A FIFO queue of waiting items. A batch closes by number of items, total cost, or age of the first item. Not thread-safe; the caller
/// holds a lock and passes the current timestamp.
/// </summary>
internal sealed class BatchQueue<TItem, TResult>(BatchingOptions options, TimeProvider time)
{
    private readonly LinkedList<BatchEntry<TItem, TResult>> _entries = new();
    private long _cost;

    public int Count => _entries.Count;

    public void Add(BatchEntry<TItem, TResult> entry)
    {
        entry.Node = _entries.AddLast(entry);
        _cost += entry.Cost;
    }

    /// <summary>Removes an entry.</summary>
    /// <returns>False if the entry is not in the queue.</returns>
    public bool Remove(BatchEntry<TItem, TResult> entry)
    {
        if (entry.Node is not { } node)
        {
            return false;
        }

        entry.Node = null;
        _entries.Remove(node);
        _cost -= entry.Cost;
        return true;
    }

    /// <summary>Computes the time until a batch closes.</summary>
    /// <returns>Zero if a batch closes now, by any rule; null if the queue is empty.</returns>
    public TimeSpan? TimeToClose(long timestamp)
    {
        if (_entries.First is not { } first)
        {
            return null;
        }

        if (_entries.Count >= options.MaxBatchSize || _cost >= options.MaxBatchCost)
        {
            return TimeSpan.Zero;
        }

        var left = options.MaxDelay - time.GetElapsedTime(first.Value.Arrived, timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Removes the first items that fit into one batch by number and cost, at least one if any waits.</summary>
    /// <param name="tryDrop">Called for each item in turn. If it returns true, the item is completed and not part of the batch.</param>
    public List<BatchEntry<TItem, TResult>> Take(Func<BatchEntry<TItem, TResult>, bool> tryDrop)
    {
        var batch = new List<BatchEntry<TItem, TResult>>(Math.Min(options.MaxBatchSize, _entries.Count));
        var cost = 0L;
        while (_entries.First?.Value is { } entry && batch.Count < options.MaxBatchSize)
        {
            if (batch.Count > 0 && cost + entry.Cost > options.MaxBatchCost)
            {
                break;
            }

            Remove(entry);
            if (!tryDrop(entry))
            {
                batch.Add(entry);
                cost += entry.Cost;
            }
        }

        return batch;
    }
}
