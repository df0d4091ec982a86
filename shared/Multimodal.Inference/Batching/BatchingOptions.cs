using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Batching;

/// <summary>How one expert gathers items into batches. Adding an option: the property with its range and default, a test of both.</summary>
public sealed class BatchingOptions : IValidatableObject
{
    /// <summary>Items in one batch; the batch closes when it holds this many.</summary>
    /// <value>1 to 1,024; default 16.</value>
    [Range(1, 1024)]
    public int MaxBatchSize { get; set; } = 16;

    /// <summary>Bytes of media in one batch; the batch closes when the next item would exceed it. A single larger item runs alone.</summary>
    /// <value>1 to 17,179,869,184; default 67,108,864.</value>
    [Range(1L, 17_179_869_184L)]
    public long MaxBatchCost { get; set; } = 67_108_864;

    /// <summary>Age of a batch's first item at which the batch closes, however small. Keep it below the run time of a batch.</summary>
    /// <value>0 to 1 second; default 2 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Items accepted and not yet answered, whether they wait or run; one more is refused as overloaded.</summary>
    /// <value>1 to 1,000,000 and at least <see cref="MaxBatchSize"/> x (<see cref="Concurrency"/> + 1); default 256.</value>
    [Range(1, 1_000_000)]
    public int Capacity { get; set; } = 256;

    /// <summary>Batches that run at the same time. Cores busy at most: this times the intra-op threads of the session.</summary>
    /// <value>1 to 64; default 1.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 1;

    /// <summary>Items of one batch that are decoded and preprocessed at the same time.</summary>
    /// <value>1 to 64; default 2.</value>
    [Range(1, 64)]
    public int PreprocessThreads { get; set; } = 2;

    /// <summary>
    /// Least time that a batch takes; a faster one waits. Zero in production. It rehearses a slower model or device: what the pipeline
    /// does then, and what more processes bring (<c>make scale</c>).
    /// </summary>
    /// <value>0 to 1 minute; default 0.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MinRunTime { get; set; } = TimeSpan.Zero;

    /// <summary>On stop, how long accepted items may still take; then they are refused and the running batch is told to end.</summary>
    /// <value>0 to 5 minutes; default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var least = (long)MaxBatchSize * (Concurrency + 1);
        if (Capacity < least)
        {
            yield return new ValidationResult(
                $"{nameof(Capacity)} is {Capacity}; it must be at least {nameof(MaxBatchSize)} x ({nameof(Concurrency)} + 1) = {least}, "
                + "or full batches can never form while others run.",
                [nameof(Capacity)]);
        }
    }
}
