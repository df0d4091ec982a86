using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Clock;

/// <summary>The agreement of the processes on the time.</summary>
internal sealed class ClockOptions
{
    /// <summary>Seconds between two comparisons of a process's clock with the reference.</summary>
    /// <value>0.1 to 60; default 1.</value>
    [Range(0.1, 60)]
    public double IntervalSeconds { get; set; } = 1;

    /// <summary>
    /// Seconds by which a host's system clock may differ from the service's time before the process logs a warning. Deadlines are corrected in any case.
    /// </summary>
    /// <value>0.01 to 3,600; default 0.5.</value>
    [Range(0.01, 3600)]
    public double WarnSkewSeconds { get; set; } = 0.5;
}
