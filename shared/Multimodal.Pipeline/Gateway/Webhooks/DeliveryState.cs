namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Where the delivery of one result to one webhook stands.</summary>
internal enum DeliveryState
{
    /// <summary>It is tried, for the first time or again.</summary>
    Waiting,

    /// <summary>The receiver has accepted it.</summary>
    Delivered,

    /// <summary>It was tried as often as configured, in vain.</summary>
    Failed,
}
