namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Which deliveries of a subscription to list.</summary>
/// <param name="State">Only in this state; null for all.</param>
/// <param name="After">Only of requests after this one; null for the first page.</param>
/// <param name="Limit">The maximum number, at least 1.</param>
internal sealed record DeliveryQuery(DeliveryState? State, Guid? After, int Limit);
