using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Experts;

/// <summary>Expert workers.</summary>
internal sealed class ExpertOptions
{
    /// <summary>
    /// Maximum number of messages that one expert handles at once. High values fill batches better; low values spread messages more evenly
    /// over workers.
    /// </summary>
    /// <value>1 to 1,024; default 64.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// The experts that this process serves, separated by commas: <c>vision-printed</c>, or <c>digits/vision-printed</c> to name the
    /// ensemble. Empty: all experts that the service can serve.
    /// </summary>
    /// <value>Default empty.</value>
    public string Serve { get; set; } = "";

    /// <summary>Seconds between two heartbeats of a worker.</summary>
    /// <value>0.1 to 60; default 3.</value>
    [Range(0.1, 60)]
    public double HeartbeatSeconds { get; set; } = 3;

    /// <summary>Seconds without a heartbeat after which a gateway considers a worker dead.</summary>
    /// <value>0.2 to 600; default 10.</value>
    [Range(0.2, 600)]
    public double SilenceSeconds { get; set; } = 10;
}
