namespace Multimodal.Inference.Batching;

/// <summary>The durations of the stages of one item.</summary>
/// <param name="Queue">From the item's arrival to the start of the run, without its own preparation.</param>
/// <param name="Prepare">The item's preparation.</param>
/// <param name="Run">The run of the whole batch.</param>
/// <param name="BatchSize">Number of items in the batch.</param>
internal readonly record struct BatchTimings(TimeSpan Queue, TimeSpan Prepare, TimeSpan Run, int BatchSize);
