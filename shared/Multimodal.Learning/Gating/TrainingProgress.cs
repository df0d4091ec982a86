namespace Multimodal.Learning.Gating;

/// <summary>Where training stands.</summary>
/// <param name="Phase">What is being trained, for example <c>gate</c> or <c>combiner/log</c>.</param>
/// <param name="Epoch">Passes done, from 1.</param>
/// <param name="TrainLoss">Mean loss over the pass, with dropout.</param>
/// <param name="DevLoss">Mean loss on the dev set, without.</param>
public sealed record TrainingProgress(string Phase, int Epoch, double TrainLoss, double DevLoss);
