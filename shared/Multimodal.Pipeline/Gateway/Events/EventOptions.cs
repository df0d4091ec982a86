using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>Server-sent events.</summary>
internal sealed class EventOptions
{
    /// <summary>Maximum number of open event streams per process. Further streams are refused with 503 and Retry-After.</summary>
    /// <value>1 to 100,000; default 256.</value>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 256;

    /// <summary>
    /// Seconds without an event after which the gateway sends a comment, so that proxies do not drop the idle connection.
    /// </summary>
    /// <value>0.05 to 300; default 15.</value>
    [Range(0.05, 300)]
    public double HeartbeatSeconds { get; set; } = 15;

    /// <summary>Seconds between checks of the store for results that other gateways recorded.</summary>
    /// <value>0.01 to 60; default 0.5.</value>
    [Range(0.01, 60)]
    public double PollSeconds { get; set; } = 0.5;

    /// <summary>
    /// Seconds that a client may take to read written events. After that the gateway closes the stream; the client can resume with
    /// Last-Event-ID.
    /// </summary>
    /// <value>0.1 to 600; default 20.</value>
    [Range(0.1, 600)]
    public double SlowSeconds { get; set; } = 20;
}
