using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Start and stop of the process.</summary>
internal sealed class HostingOptions
{
    /// <summary>Seconds beyond the drain within which the process has ended.</summary>
    public const int EndSeconds = 8;

    /// <summary>
    /// Seconds that a stop waits for requests in hand; what is unfinished then is left to other processes or to the next start. The
    /// process has ended 8 seconds later at the latest.
    /// </summary>
    /// <value>0 to 600; default 10.</value>
    [Range(0, 600)]
    public int DrainSeconds { get; set; } = 10;
}
