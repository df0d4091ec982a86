using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Subscriptions to results.</summary>
internal sealed class SubscriptionOptions
{
    /// <summary>Maximum number of subscriptions per tenant.</summary>
    /// <value>1 to 100,000; default 100.</value>
    [Range(1, 100_000)]
    public int MaxPerTenant { get; set; } = 100;

    /// <summary>Seconds without use until a subscription expires, if the client does not set it.</summary>
    /// <value>1 to 2,592,000; default 604,800.</value>
    [Range(1, Subscription.MaxExpiresSeconds)]
    public int ExpiresSeconds { get; set; } = 604_800;

    /// <summary>Maximum length of a client queue, if the client does not set it. Beyond it the broker drops the oldest messages.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    [Range(1, Subscription.MaxMaxLength)]
    public int MaxLength { get; set; } = 10_000;

    /// <summary>Seconds between checks for expired subscriptions.</summary>
    /// <value>0.05 to 3,600; default 30.</value>
    [Range(0.05, 3600)]
    public double SweepSeconds { get; set; } = 30;
}
