using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Start and shutdown of the process.</summary>
internal sealed class HostingOptions
{
    /// <summary>The maximum number of seconds from the end of the drain to the end of the process.</summary>
    public const int EndSeconds = 8;

    /// <summary>
    /// Drain time in seconds: how long a shutdown waits for requests in progress. Other processes or the next start finish the rest. The
    /// process ends at most 8 seconds later.
    /// </summary>
    /// <value>0 to 600; default 10.</value>
    [Range(0, 600)]
    public int DrainSeconds { get; set; } = 10;
}
