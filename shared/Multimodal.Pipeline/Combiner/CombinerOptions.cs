using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The combiner.</summary>
internal sealed class CombinerOptions
{
    /// <summary>
    /// Requests that one combiner gathers opinions for at once. Each holds a slot until its answer is published, so with a slow
    /// expert this bounds throughput to Concurrency / deadline.
    /// </summary>
    /// <value>1 to 1,024; default 256, as many as the gateway admits.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 256;

    /// <summary>
    /// Share of a request's remaining time that a wave of experts may take before those who kept it waiting are counted as silent and
    /// others are asked as well.
    /// </summary>
    /// <value>Above 0, at most 1; default 0.25.</value>
    [Range(0.01, 1)]
    public double WaveShare { get; set; } = 0.25;
}
