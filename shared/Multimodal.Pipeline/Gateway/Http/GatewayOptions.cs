using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The gateway: admission and planning.</summary>
internal sealed class GatewayOptions
{
    /// <summary>
    /// Maximum number of requests accepted and not yet answered. Further requests are refused with 503 and Retry-After. While answers take
    /// more than about a third of their deadline, the gateway admits fewer, so that admitted requests meet it.
    /// </summary>
    /// <value>1 to 100,000; default 256.</value>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 256;

    /// <summary>
    /// Maximum number of AMQP requests that are being read or wait for admission. The others stay in the queue <c>requests</c>.
    /// </summary>
    /// <value>1 to 2,000; default 16.</value>
    [Range(1, 2000)]
    public int RequestPrefetch { get; set; } = 16;

    /// <summary>Tenant of requests sent by AMQP. The broker's accounts protect that queue; API keys do not apply.</summary>
    /// <value>1 to 100 ASCII letters, digits, - and _; default <c>default</c>.</value>
    [Required]
    [RegularExpression(ResourceName.Pattern, ErrorMessage = "{0} must be 1 to 100 ASCII letters, digits, - and _.")]
    public string RequestTenant { get; set; } = ResourceName.DefaultTenant;

    /// <summary>Number of requests in flight that are always admitted, whatever the latency.</summary>
    /// <value>1 to 100,000; default 16.</value>
    [Range(1, 100_000)]
    public int MinInFlight { get; set; } = 16;

    /// <summary>
    /// Maximum change of an expert's logit by load when experts are selected. At 1, a busy expert loses to a sibling that the gate rates a
    /// third as likely. Weights do not change. With 0 only the gate decides.
    /// </summary>
    /// <value>0 to 10; default 1.</value>
    [Range(0.0, 10.0)]
    public double MostBias { get; set; } = 1;

    /// <summary>
    /// Change of that bias per heartbeat while an expert is busier than its siblings. While none is busier, the bias halves.
    /// </summary>
    /// <value>0.001 to 1; default 0.1.</value>
    [Range(0.001, 1.0)]
    public double BiasStep { get; set; } = 0.1;

    /// <summary>Milliseconds of queued work above which an expert counts as busy.</summary>
    /// <value>1 to 60,000; default 200.</value>
    [Range(1.0, 60_000.0)]
    public double BusyMs { get; set; } = 200;

    /// <summary>Longest deadline of a request, in milliseconds. Also limits the default deadline of the ensembles.</summary>
    /// <value>1 to 600,000; default 60,000.</value>
    [Range(1, 600_000)]
    public int MaxDeadlineMs { get; set; } = 60_000;

    /// <summary>Smallest value of Retry-After in a 503, in seconds. An overloaded gateway computes a larger one from the requests that wait.</summary>
    /// <value>1 to 3,600; default 1.</value>
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>
    /// Largest value of Retry-After of an overloaded gateway, in seconds. A client whose turn comes later returns more than once.
    /// </summary>
    /// <value>1 to 3,600; default 60.</value>
    [Range(1, 3600)]
    public int MaxRetryAfterSeconds { get; set; } = 60;

    /// <summary>
    /// Maximum number of refused requests whose place in the waiting list a gateway remembers, about 300 bytes each. In a full list, the client with the
    /// most places loses its newest one to a client with fewer places.
    /// </summary>
    /// <value>0 to 1,000,000; default 10,000.</value>
    [Range(0, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>
    /// Seconds after the time in Retry-After until which a refused request keeps its place in the waiting list. A slot is kept free for it for two
    /// seconds only.
    /// </summary>
    /// <value>2 to 3,600; default 30.</value>
    [Range(2, 3600)]
    public int PlaceSeconds { get; set; } = 30;
}
