namespace Multimodal.Contracts.Values;

/// <summary>Where an expert's time went, measured by the expert.</summary>
/// <param name="QueueMs">Milliseconds that it waited: from arrival to the start of the run, less its own preprocessing.</param>
/// <param name="PreprocessMs">Milliseconds of decoding and preprocessing of this item.</param>
/// <param name="InferenceMs">Milliseconds of the model run of the whole batch.</param>
/// <param name="BatchSize">Items in that batch, at least 1.</param>
public sealed record StageTimings(double QueueMs, double PreprocessMs, double InferenceMs, int BatchSize);
