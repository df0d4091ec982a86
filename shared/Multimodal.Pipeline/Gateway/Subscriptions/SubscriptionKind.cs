namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>How the results of a subscription reach the client.</summary>
internal enum SubscriptionKind
{
    /// <summary>A durable client queue on the broker.</summary>
    Queue,

    /// <summary>Posts to an address of the client.</summary>
    Webhook,

    /// <summary>Server-sent events only. Every other kind can also be read as events.</summary>
    Events,
}
