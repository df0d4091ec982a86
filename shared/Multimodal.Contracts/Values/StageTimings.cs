namespace Multimodal.Contracts.Values;

/// <summary>The duration of each stage in an expert, measured by the expert.</summary>
/// <param name="QueueMs">Milliseconds in the queue, from arrival to the start of the model run, without preprocessing.</param>
/// <param name="PreprocessMs">Milliseconds to decode and preprocess this item.</param>
/// <param name="InferenceMs">Milliseconds of the model run for the whole batch.</param>
/// <param name="BatchSize">Items in that batch, at least 1.</param>
public sealed record StageTimings(double QueueMs, double PreprocessMs, double InferenceMs, int BatchSize);
