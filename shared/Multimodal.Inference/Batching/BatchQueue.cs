namespace Multimodal.Inference.Batching;

/// <summary>
/// A FIFO queue of waiting items. A batch holds items of one bucket, the one of the oldest item. Not thread-safe.
/// </summary>
/// <param name="maxCost">Largest total cost of a batch.</param>
/// <param name="maxSize">Largest number of items in a batch, by bucket.</param>
internal sealed class BatchQueue<TItem, TResult>(long maxCost, Func<int, int> maxSize)
{
    private readonly LinkedList<BatchEntry<TItem, TResult>> _entries = new();
    private readonly Dictionary<int, (int Count, long Cost)> _buckets = [];

    public int Count => _entries.Count;

    /// <summary>The oldest item; null if the queue is empty.</summary>
    public BatchEntry<TItem, TResult>? Oldest => _entries.First?.Value;

    /// <summary>Whether items of several buckets wait.</summary>
    public bool IsMixed => _buckets.Count > 1;

    /// <summary>Whether the items of any bucket fill a batch, by number or by cost.</summary>
    public bool HasFullBatch
    {
        get
        {
            foreach (var (bucket, (count, cost)) in _buckets)
            {
                if (count >= maxSize(bucket) || cost >= maxCost)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Add(BatchEntry<TItem, TResult> entry)
    {
        entry.Node = _entries.AddLast(entry);
        var (count, cost) = _buckets.GetValueOrDefault(entry.Bucket);
        _buckets[entry.Bucket] = (count + 1, cost + entry.Cost);
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
        var (count, cost) = _buckets[entry.Bucket];
        if (count == 1)
        {
            _buckets.Remove(entry.Bucket);
        }
        else
        {
            _buckets[entry.Bucket] = (count - 1, cost - entry.Cost);
        }

        return true;
    }

    /// <summary>
    /// Removes the oldest item and those of its bucket that fit into one batch by number and cost, in order. Returns none if the queue is empty.
    /// </summary>
    /// <param name="tryDrop">Called for each item in turn. If it returns true, the item is completed and not part of the batch.</param>
    public List<BatchEntry<TItem, TResult>> Take(Func<BatchEntry<TItem, TResult>, bool> tryDrop)
    {
        if (Oldest is not { Bucket: var bucket })
        {
            return [];
        }

        var size = maxSize(bucket);
        var batch = new List<BatchEntry<TItem, TResult>>(Math.Min(size, _buckets[bucket].Count));
        var cost = 0L;
        for (var node = _entries.First; node is not null && batch.Count < size;)
        {
            var (entry, next) = (node.Value, node.Next);
            if (entry.Bucket == bucket)
            {
                if (batch.Count > 0 && cost + entry.Cost > maxCost)
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

            node = next;
        }

        return batch;
    }
}
