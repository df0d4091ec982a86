namespace Multimodal.Inference.Batching;

/// <summary>One item on its way through the batcher: the only record kept of it.</summary>
/// <param name="item">The caller's item.</param>
/// <param name="cost">Its cost, at least 0, in the unit of <see cref="BatchingOptions.MaxBatchCost"/>.</param>
/// <param name="deadline">After this moment it is not computed any more.</param>
/// <param name="arrived">Timestamp of its arrival.</param>
/// <param name="cancellation">Cancelled when the caller has gone.</param>
internal sealed class BatchEntry<TItem, TResult>(TItem item, long cost, DateTimeOffset deadline, long arrived, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<BatchOutcome<TResult>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TItem Item => item;

    public long Cost => cost;

    public DateTimeOffset Deadline => deadline;

    public long Arrived => arrived;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Its place in the line while it waits, else null.</summary>
    public LinkedListNode<BatchEntry<TItem, TResult>>? Node { get; set; }

    /// <summary>How long its preparation took.</summary>
    public TimeSpan Prepare { get; set; }

    public bool IsAnswered => _answer.Task.IsCompleted;

    public Task<BatchOutcome<TResult>> Answer => _answer.Task;

    public bool TryAnswer(BatchOutcome<TResult> outcome) => _answer.TrySetResult(outcome);

    public bool TryCancel() => _answer.TrySetCanceled(cancellation);
}
