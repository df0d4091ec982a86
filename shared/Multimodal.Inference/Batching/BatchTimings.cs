namespace Multimodal.Inference.Batching;

/// <summary>Where an item's time went.</summary>
/// <param name="Queue">From arrival to the start of the run, less its own preparation.</param>
/// <param name="Prepare">Its own preparation.</param>
/// <param name="Run">The run of the whole batch.</param>
/// <param name="BatchSize">Items in that run.</param>
internal readonly record struct BatchTimings(TimeSpan Queue, TimeSpan Prepare, TimeSpan Run, int BatchSize);
