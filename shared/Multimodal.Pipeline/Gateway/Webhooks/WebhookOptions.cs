using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Results posted to the addresses of clients.</summary>
internal sealed class WebhookOptions
{
    /// <summary>
    /// Allows addresses of this machine and of private networks. Off by default, in every service: a client could otherwise let the gateway
    /// call what only the gateway can reach.
    /// </summary>
    /// <value>Default false.</value>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>How often one result is posted at most; after that its delivery is listed as failed.</summary>
    /// <value>1 to 100; default 8.</value>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 8;

    /// <summary>Seconds before the second try; each further wait is four times as long, give or take a quarter.</summary>
    /// <value>0.01 to 3,600; default 5.</value>
    [Range(0.01, 3600)]
    public double FirstWaitSeconds { get; set; } = 5;

    /// <summary>The longest wait between two tries, in seconds.</summary>
    /// <value>0.01 to 86,400; default 21,600.</value>
    [Range(0.01, 86_400)]
    public double MaxWaitSeconds { get; set; } = 21_600;

    /// <summary>Seconds that a receiver has to accept a result.</summary>
    /// <value>0.1 to 60; default 10.</value>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>The most posts of this process at once; one subscription gets at most a quarter of them, so that a slow receiver does not delay the others.</summary>
    /// <value>1 to 1,000; default 16.</value>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Seconds between two looks for results that other gateways recorded or whose next try is due.</summary>
    /// <value>0.01 to 60; default 1.</value>
    [Range(0.01, 60)]
    public double PollSeconds { get; set; } = 1;
}
