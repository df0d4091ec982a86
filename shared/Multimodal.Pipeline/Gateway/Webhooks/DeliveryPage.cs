namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Some deliveries, the oldest request first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="Next">What to send as <c>after</c> for more; null when there are no more.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, Guid? Next);
