namespace Multimodal.Bench.PathBench;

/// <summary>One round of a comparison.</summary>
/// <param name="BareSingle">The bare program with one client.</param>
/// <param name="OursSingle">The services with one client.</param>
/// <param name="Bare">The bare program with many clients.</param>
/// <param name="Ours">The services with many clients.</param>
internal sealed record PathRound(LoopFigures BareSingle, LoopFigures OursSingle, CpuFigures Bare, CpuFigures Ours)
{
    /// <summary>p50 with one client, ratio to the bare program.</summary>
    public double Latency => OursSingle.P50 / BareSingle.P50;

    /// <summary>Requests per second with many clients, ratio to the bare program.</summary>
    public double Throughput => Ours.PerSecond / Bare.PerSecond;

    /// <summary>Processor time per request of all processes, ratio to the bare program.</summary>
    public double Processor => Ours.Total / Bare.Total;
}
