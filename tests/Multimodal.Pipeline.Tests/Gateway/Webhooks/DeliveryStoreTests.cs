namespace Multimodal.Pipeline.Tests.Gateway.Webhooks;

/// <summary>Deliveries in a file.</summary>
public sealed class DeliveryStoreTests() : DeliveryStoreScenarios(null);
