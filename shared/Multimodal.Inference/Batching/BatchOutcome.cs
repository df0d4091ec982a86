namespace Multimodal.Inference.Batching;

/// <summary>The result of the batcher for one item.</summary>
internal abstract record BatchOutcome<TResult>
{
    private BatchOutcome()
    {
    }

    /// <summary>The processor returned a result, from preparation or from a run.</summary>
    /// <param name="Result">The result.</param>
    /// <param name="Timings">The durations of the stages; null if the item did not run.</param>
    public sealed record Completed(TResult Result, BatchTimings? Timings) : BatchOutcome<TResult>;

    /// <summary>The batcher has no result.</summary>
    /// <param name="Reason">The reason.</param>
    /// <param name="Cause">The exception behind <see cref="BatchRefusal.Failed"/>, else null.</param>
    public sealed record Refused(BatchRefusal Reason, Exception? Cause = null) : BatchOutcome<TResult>;
}
