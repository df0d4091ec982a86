using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Batching;

/// <summary>How one expert combines items into batches.</summary>
/// <remarks>To add an option, add the property with its range and default, and a test of both.</remarks>
public sealed class BatchingOptions : IValidatableObject
{
    /// <summary>Largest number of items in a batch. A batch closes when it reaches this size.</summary>
    /// <value>1 to 1,024; default 16.</value>
    [Range(1, 1024)]
    public int MaxBatchSize { get; set; } = 16;

    /// <summary>
    /// Largest total size of the media in a batch, in bytes. A batch closes when the next item would exceed it. A single larger item runs
    /// alone.
    /// </summary>
    /// <value>1 to 17,179,869,184; default 67,108,864.</value>
    [Range(1L, 17_179_869_184L)]
    public long MaxBatchCost { get; set; } = 67_108_864;

    /// <summary>
    /// Whether batches adapt to the model and the load. A batch then closes at the size beyond which the measured time per item rises,
    /// and waits for others only while the device is busy or others are expected. Otherwise every batch that is not full waits
    /// <see cref="MaxDelay"/>.
    /// </summary>
    /// <value>Default true.</value>
    public bool Adaptive { get; set; } = true;

    /// <summary>Longest time that a batch waits for more items while the device is idle. Set it below the run time of a batch.</summary>
    /// <value>0 to 1 second; default 2 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Largest number of items accepted and not yet completed. Further items are refused as overloaded.</summary>
    /// <value>1 to 1,000,000 and at least <see cref="MaxBatchSize"/> x (<see cref="Concurrency"/> + 1); default 256.</value>
    [Range(1, 1_000_000)]
    public int Capacity { get; set; } = 256;

    /// <summary>Number of batches that run concurrently. The expert uses at most this number times <c>IntraOpThreads</c> threads.</summary>
    /// <value>1 to 64; default 1.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 1;

    /// <summary>Number of items of one batch that are decoded and preprocessed concurrently.</summary>
    /// <value>1 to 64; default 2.</value>
    [Range(1, 64)]
    public int PreprocessThreads { get; set; } = 2;

    /// <summary>
    /// Shortest duration of a batch; a faster batch is delayed. Zero in production. It simulates a slower model or device for load tests
    /// (<c>make scale</c>).
    /// </summary>
    /// <value>0 to 1 minute; default 0.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MinRunTime { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// On stop, longest time for accepted items to complete. Afterwards they are refused and the running batch is cancelled.
    /// </summary>
    /// <value>0 to 5 minutes; default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The size at which a batch closes.</summary>
    internal int MaxFor(BatchProfile profile) => Adaptive ? Math.Min(MaxBatchSize, profile.BestSize) : MaxBatchSize;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var min = (long)MaxBatchSize * (Concurrency + 1);
        if (Capacity < min)
        {
            yield return new ValidationResult(
                $"{nameof(Capacity)} is {Capacity}; it must be at least {nameof(MaxBatchSize)} x ({nameof(Concurrency)} + 1) = {min}, "
                + "so that a full batch can form while others run.",
                [nameof(Capacity)]);
        }
    }
}
