using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Webhooks: results posted to addresses of clients.</summary>
internal sealed class WebhookOptions
{
    /// <summary>
    /// Whether webhooks may target this machine and private networks. Off by default in every service, because a client could otherwise
    /// make the gateway call addresses that only the gateway can reach.
    /// </summary>
    /// <value>Default false.</value>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Maximum number of attempts per result. After that its delivery is listed as failed.</summary>
    /// <value>1 to 100; default 8.</value>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 8;

    /// <summary>Seconds before the second attempt. Each later delay is four times as long, varied by up to a quarter.</summary>
    /// <value>0.01 to 3,600; default 5.</value>
    [Range(0.01, 3600)]
    public double FirstWaitSeconds { get; set; } = 5;

    /// <summary>Longest delay between two attempts, in seconds.</summary>
    /// <value>0.01 to 86,400; default 21,600.</value>
    [Range(0.01, 86_400)]
    public double MaxWaitSeconds { get; set; } = 21_600;

    /// <summary>Seconds within which a receiver must accept a result.</summary>
    /// <value>0.1 to 60; default 10.</value>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Maximum number of concurrent posts per process. One subscription uses at most a quarter of them, so that a slow receiver does not
    /// delay others.
    /// </summary>
    /// <value>1 to 1,000; default 16.</value>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Seconds between checks for results that other gateways recorded and for due retries.</summary>
    /// <value>0.01 to 60; default 1.</value>
    [Range(0.01, 60)]
    public double PollSeconds { get; set; } = 1;
}
