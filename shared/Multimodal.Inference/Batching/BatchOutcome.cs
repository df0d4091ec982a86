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

/// <summary>Why there is no result.</summary>
internal enum BatchRefusal
{
    /// <summary>As many items as the capacity allows are already accepted and unanswered.</summary>
    Overloaded,

    /// <summary>Its deadline passed before it ran.</summary>
    Expired,

    /// <summary>Preparing or running it threw.</summary>
    Failed,

    /// <summary>The batcher is being disposed.</summary>
    Stopping,
}

/// <summary>Where an item's time went.</summary>
/// <param name="Queue">From arrival to the start of the run, less its own preparation.</param>
/// <param name="Prepare">Its own preparation.</param>
/// <param name="Run">The run of the whole batch.</param>
/// <param name="BatchSize">Items in that run.</param>
internal readonly record struct BatchTimings(TimeSpan Queue, TimeSpan Prepare, TimeSpan Run, int BatchSize);
