using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The combiner.</summary>
internal sealed class CombinerOptions
{
    /// <summary>
    /// Maximum number of requests that one combiner processes at once. Each holds a slot until its answer is published, so a slow expert
    /// limits the throughput to Concurrency / deadline.
    /// </summary>
    /// <value>1 to 1,024; default 256, as many as the gateway admits.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 256;

    /// <summary>
    /// Share of a request's remaining time that a wave of experts may take. After that, experts without a reply are overdue, and the combiner
    /// asks other experts as well.
    /// </summary>
    /// <value>Above 0, at most 1; default 0.25.</value>
    [Range(0.01, 1)]
    public double WaveShare { get; set; } = 0.25;
}
