namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>How the results of a subscription reach the client.</summary>
internal enum SubscriptionKind
{
    /// <summary>A durable queue of its own on the broker.</summary>
    Queue,

    /// <summary>Posted to an address of the client.</summary>
    Webhook,

    /// <summary>Read as server-sent events; which every subscription can be too.</summary>
    Events,
}
