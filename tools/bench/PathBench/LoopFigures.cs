namespace Multimodal.Bench.PathBench;

/// <summary>What a loop measured.</summary>
/// <param name="Milliseconds">One per request.</param>
/// <param name="Elapsed">How long it ran.</param>
internal sealed record LoopFigures(IReadOnlyList<double> Milliseconds, TimeSpan Elapsed)
{
    public double P50 => ClosedLoop.Median(Milliseconds);

    public double PerSecond => Milliseconds.Count / Elapsed.TotalSeconds;
}
