using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Experts;

/// <summary>The expert workers.</summary>
internal sealed class ExpertOptions
{
    /// <summary>Messages that one expert holds at once: enough to fill a batch while another runs, few enough that other workers get some.</summary>
    /// <value>1 to 1,024; default 64.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// The experts that this process serves, as names separated by commas (<c>vision-printed</c>, or <c>digits/vision-printed</c> for one
    /// ensemble's). Empty: all that the service can serve.
    /// </summary>
    /// <value>Default empty.</value>
    public string Serve { get; set; } = "";

    /// <summary>Seconds between two heartbeats of a worker.</summary>
    /// <value>0.1 to 60; default 3.</value>
    [Range(0.1, 60)]
    public double HeartbeatSeconds { get; set; } = 3;

    /// <summary>Seconds without a heartbeat after which a gateway no longer counts on a worker.</summary>
    /// <value>0.2 to 600; default 10.</value>
    [Range(0.2, 600)]
    public double SilenceSeconds { get; set; } = 10;
}
