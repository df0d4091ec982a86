namespace Multimodal.Bench.PathBench;

/// <summary>Results of a loop.</summary>
/// <param name="Milliseconds">Latency of each request.</param>
/// <param name="Elapsed">Duration of the run.</param>
internal sealed record LoopFigures(IReadOnlyList<double> Milliseconds, TimeSpan Elapsed)
{
    public double P50 => ClosedLoop.Median(Milliseconds);

    public double PerSecond => Milliseconds.Count / Elapsed.TotalSeconds;
}
