namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>State of the delivery of one result to one webhook.</summary>
internal enum DeliveryState
{
    /// <summary>The next attempt is pending.</summary>
    Waiting,

    /// <summary>The receiver accepted it.</summary>
    Delivered,

    /// <summary>All allowed attempts failed.</summary>
    Failed,
}
