namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>A page of deliveries, oldest request first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="Next">Value of <c>after</c> for the next page; null on the last page.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, Guid? Next);
