namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Which deliveries of a subscription to list.</summary>
/// <param name="State">The state to list; null for all.</param>
/// <param name="After">Lists requests after this one; null for the first page.</param>
/// <param name="Limit">Maximum number of deliveries, at least 1.</param>
internal sealed record DeliveryQuery(DeliveryState? State, Guid? After, int Limit);
