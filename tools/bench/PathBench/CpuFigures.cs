namespace Multimodal.Bench.PathBench;

/// <summary>Throughput of a loop and its processor time.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="Processor">Processor milliseconds per request, by process.</param>
internal sealed record CpuFigures(double PerSecond, IReadOnlyDictionary<string, double> Processor)
{
    /// <summary>Processor milliseconds per request, of all processes.</summary>
    public double Total => Processor.Values.Sum();
}
