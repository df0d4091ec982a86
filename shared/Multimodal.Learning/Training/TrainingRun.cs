namespace Multimodal.Learning.Training;

/// <summary>Randomness, progress and cancellation of one training.</summary>
/// <param name="Random">Source of all randomness. The same seed, data and options give the same result, bit for bit.</param>
public sealed record TrainingRun(Random Random)
{
    /// <summary>Called after each epoch; null for no reports.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops the training with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
