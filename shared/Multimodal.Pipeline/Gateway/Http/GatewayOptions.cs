using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>What the gateway accepts.</summary>
internal sealed class GatewayOptions
{
    /// <summary>
    /// The most requests accepted and not yet answered; one more is refused with 503 and Retry-After. While answers take more than a third
    /// of their deadline fewer are let in, so that those accepted keep it.
    /// </summary>
    /// <value>1 to 100,000; default 256.</value>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 256;

    /// <summary>Requests that came by AMQP and are being read or wait for a place; the others stay in the queue <c>requests</c>.</summary>
    /// <value>1 to 2,000; default 16.</value>
    [Range(1, 2000)]
    public int RequestPrefetch { get; set; } = 16;

    /// <summary>The tenant of requests that came by AMQP: the broker's accounts guard that queue, and they are not API keys.</summary>
    /// <value>1 to 100 ASCII letters, digits, - and _; default <c>default</c>.</value>
    [Required]
    [RegularExpression(ResourceName.Pattern, ErrorMessage = "{0} must be 1 to 100 ASCII letters, digits, - and _.")]
    public string RequestTenant { get; set; } = ResourceName.DefaultTenant;

    /// <summary>The fewest requests in flight that are let in, however long they take.</summary>
    /// <value>1 to 100,000; default 16.</value>
    [Range(1, 100_000)]
    public int MinInFlight { get; set; } = 16;

    /// <summary>
    /// The most that load may add to or take from an expert's logit when experts are chosen: at 1 a busy expert is passed over for a sibling
    /// that the gate thinks a third as good. Weights are not touched. 0 lets the gate alone choose.
    /// </summary>
    /// <value>0 to 10; default 1.</value>
    [Range(0.0, 10.0)]
    public double MostBias { get; set; } = 1;

    /// <summary>How far that bias moves with each heartbeat while an expert is busier than its siblings; when none is, it halves.</summary>
    /// <value>0.001 to 1; default 0.1.</value>
    [Range(0.001, 1.0)]
    public double BiasStep { get; set; } = 0.1;

    /// <summary>Milliseconds that an expert needs for what waits for it, above which it is busy.</summary>
    /// <value>1 to 60,000; default 200.</value>
    [Range(1.0, 60_000.0)]
    public double BusyMs { get; set; } = 200;

    /// <summary>The longest deadline of a request, in milliseconds; it also bounds the ensembles' own default.</summary>
    /// <value>1 to 600,000; default 60,000.</value>
    [Range(1, 600_000)]
    public int MaxDeadlineMs { get; set; } = 60_000;

    /// <summary>The Retry-After of a 503, in seconds.</summary>
    /// <value>1 to 3,600; default 1.</value>
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 1;
}
