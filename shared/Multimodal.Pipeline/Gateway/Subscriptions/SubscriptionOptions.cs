using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>What clients subscribe to.</summary>
internal sealed class SubscriptionOptions
{
    /// <summary>The most subscriptions of one tenant.</summary>
    /// <value>1 to 100,000; default 100.</value>
    [Range(1, 100_000)]
    public int MaxPerTenant { get; set; } = 100;

    /// <summary>Seconds without use after which a subscription ends, when the client does not say.</summary>
    /// <value>1 to 2,592,000; default 604,800.</value>
    [Range(1, Subscription.MaxExpiresSeconds)]
    public int ExpiresSeconds { get; set; } = 604_800;

    /// <summary>Messages that a client queue holds when the client does not say; beyond that the oldest are dropped.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    [Range(1, Subscription.MaxMaxLength)]
    public int MaxLength { get; set; } = 10_000;

    /// <summary>Seconds between two looks for subscriptions that have ended.</summary>
    /// <value>0.05 to 3,600; default 30.</value>
    [Range(0.05, 3600)]
    public double SweepSeconds { get; set; } = 30;
}
