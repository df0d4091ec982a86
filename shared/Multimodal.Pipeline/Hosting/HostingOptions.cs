using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Start and stop of the process.</summary>
internal sealed class HostingOptions
{
    /// <summary>Seconds that a stop waits for requests in hand; what is unfinished then is finished after the next start.</summary>
    /// <value>0 to 600; default 10.</value>
    [Range(0, 600)]
    public int DrainSeconds { get; set; } = 10;
}
