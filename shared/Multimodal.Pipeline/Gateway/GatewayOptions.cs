using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway;

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

    /// <summary>The fewest requests in flight that are let in, however long they take.</summary>
    /// <value>1 to 100,000; default 16.</value>
    [Range(1, 100_000)]
    public int MinInFlight { get; set; } = 16;

    /// <summary>The longest deadline of a request, in milliseconds; it also bounds the ensembles' own default.</summary>
    /// <value>1 to 600,000; default 60,000.</value>
    [Range(1, 600_000)]
    public int MaxDeadlineMs { get; set; } = 60_000;

    /// <summary>The Retry-After of a 503, in seconds.</summary>
    /// <value>1 to 3,600; default 1.</value>
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 1;
}
