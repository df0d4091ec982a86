namespace Multimodal.Bench.LearningBench;

/// <summary>How the benchmark on handwritten digits runs.</summary>
/// <param name="File">The data.</param>
/// <param name="Seed">Seed of every random choice; the held-out runs count up from it.</param>
/// <param name="Copies">Corrupted copies of each training example.</param>
/// <param name="Draws">Draws of each corruption for each example that the rules answer.</param>
/// <param name="HeldOut">Whether the tables are those of held-out training examples instead of the test half.</param>
/// <param name="HeldOutSeeds">Seeds of the held-out loss of two of six.</param>
internal sealed record HandwrittenOptions(string File, int Seed, int Copies, int Draws, bool HeldOut, int HeldOutSeeds);
