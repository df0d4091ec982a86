namespace Multimodal.Inference.Batching;

/// <summary>What became of an item handed to the batcher.</summary>
internal abstract record BatchOutcome<TResult>
{
    private BatchOutcome()
    {
    }

    /// <summary>It was refused by the work's preparation, or it ran.</summary>
    /// <param name="Result">The work's answer.</param>
    /// <param name="Timings">Where the time went; null when it was never run.</param>
    public sealed record Completed(TResult Result, BatchTimings? Timings) : BatchOutcome<TResult>;

    /// <summary>The batcher did not get a result for it.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Cause">The exception behind <see cref="BatchRefusal.Failed"/>, else null.</param>
    public sealed record Refused(BatchRefusal Reason, Exception? Cause = null) : BatchOutcome<TResult>;
}
