namespace Multimodal.Learning.Training;

/// <summary>State of a training after one epoch.</summary>
/// <param name="Phase">What is trained, for example <c>gate</c> or <c>combiner/log</c>.</param>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch, with dropout.</param>
/// <param name="DevLoss">Mean loss on the dev set, without dropout.</param>
public sealed record TrainingProgress(string Phase, int Epoch, double TrainLoss, double DevLoss);
