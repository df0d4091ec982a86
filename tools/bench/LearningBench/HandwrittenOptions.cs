namespace Multimodal.Bench.LearningBench;

/// <summary>Options of the handwritten digits benchmark.</summary>
/// <param name="File">Path of the data.</param>
/// <param name="Seed">Seed for all random choices; held-out runs use the seeds that follow.</param>
/// <param name="Copies">Corrupted copies of each training example.</param>
/// <param name="Draws">Draws of each corruption for each evaluated example.</param>
/// <param name="HeldOut">Whether the tables use held-out training examples instead of the test half.</param>
/// <param name="HeldOutSeeds">Number of seeds for the held-out loss of two of six.</param>
internal sealed record HandwrittenOptions(string File, int Seed, int Copies, int Draws, bool HeldOut, int HeldOutSeeds);
