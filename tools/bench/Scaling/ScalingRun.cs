namespace Multimodal.Bench.Scaling;

/// <summary>A run of the measurements.</summary>
/// <param name="Folder">Scratch folder.</param>
/// <param name="IsShort">Whether to leave out the largest sizes and to measure for a shorter time.</param>
/// <param name="Time">The clock.</param>
internal sealed record ScalingRun(string Folder, bool IsShort, TimeProvider Time)
{
    /// <summary>Rounds in which every size is measured once. The first warms up.</summary>
    public int Rounds => IsShort ? 3 : 4;

    /// <summary>Duration of one measurement.</summary>
    public TimeSpan Each => TimeSpan.FromSeconds(IsShort ? 0.5 : 0.8);

    /// <summary>The sizes of this run: all, or without those above a limit.</summary>
    public int[] Sizes(int shortMax, params ReadOnlySpan<int> all) => [.. all.ToArray().Where(size => !IsShort || size <= shortMax)];

    /// <summary>
    /// Measures the cost of each size, in rounds over all sizes, so that disturbances of the machine affect all of them. The cost is the median of the
    /// rounds after the first.
    /// </summary>
    public async Task<IReadOnlyList<CurvePoint>> MeasureAsync(IReadOnlyList<int> sizes, Func<int, Task<double>> cost)
    {
        var costs = sizes.ToDictionary(size => size, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var size in sizes)
            {
                var measured = await cost(size);
                if (round > 0)
                {
                    costs[size].Add(measured);
                }
            }
        }

        return [.. sizes.Select(size => new CurvePoint(size, PathBench.ClosedLoop.Median(costs[size])))];
    }
}
