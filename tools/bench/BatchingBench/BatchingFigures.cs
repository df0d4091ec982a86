using Multimodal.Bench.PathBench;

namespace Multimodal.Bench.BatchingBench;

/// <summary>Results of one closed loop.</summary>
/// <param name="Loop">Latencies.</param>
/// <param name="CpuMs">Processor time per item, in ms.</param>
/// <param name="BatchSizes">Number of items by the size of their batch.</param>
internal sealed record BatchingFigures(LoopFigures Loop, double CpuMs, IReadOnlyDictionary<int, int> BatchSizes)
{
    public double P95
    {
        get
        {
            var sorted = Loop.Milliseconds.Order().ToArray();
            return sorted[(int)(0.95 * (sorted.Length - 1))];
        }
    }

    public double MeanBatch => (double)BatchSizes.Values.Sum() / BatchSizes.Sum(size => (double)size.Value / size.Key);

    /// <summary>The most frequent batch sizes with their share of the items.</summary>
    public string Distribution => string.Join(", ", BatchSizes.OrderByDescending(size => size.Value).Take(4)
        .Select(size => FormattableString.Invariant($"{size.Key}: {100.0 * size.Value / BatchSizes.Values.Sum():0} %")));
}
