namespace Multimodal.Bench.Upgrade;

/// <summary>A part of the run in which the processes of one type are replaced.</summary>
/// <param name="Name">What is replaced, by which version.</param>
/// <param name="First">Number of the first request posted in it.</param>
internal sealed record UpgradePhase(string Name, int First);
