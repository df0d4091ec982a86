namespace Multimodal.Inference.Batching;

/// <summary>An item in the batcher.</summary>
/// <param name="item">The caller's item.</param>
/// <param name="bucket">The shape that it shares with the other items of its batch.</param>
/// <param name="cost">Its cost, at least 0, in the unit of <see cref="BatchingOptions.MaxBatchCost"/>.</param>
/// <param name="deadline">The time after which it is not run.</param>
/// <param name="arrived">Timestamp of its arrival.</param>
/// <param name="cancellation">Cancelled when the caller no longer waits.</param>
internal sealed class BatchEntry<TItem, TResult>(
    TItem item, int bucket, long cost, DateTimeOffset deadline, long arrived, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<BatchOutcome<TResult>> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TItem Item => item;

    public int Bucket => bucket;

    public long Cost => cost;

    public DateTimeOffset Deadline => deadline;

    public long Arrived => arrived;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Its node in the queue while it waits, else null.</summary>
    public LinkedListNode<BatchEntry<TItem, TResult>>? Node { get; set; }

    /// <summary>Duration of its preparation.</summary>
    public TimeSpan Prepare { get; set; }

    public bool IsCompleted => _outcome.Task.IsCompleted;

    public Task<BatchOutcome<TResult>> Outcome => _outcome.Task;

    public bool TryComplete(BatchOutcome<TResult> outcome) => _outcome.TrySetResult(outcome);

    public bool TryCancel() => _outcome.TrySetCanceled(cancellation);
}
