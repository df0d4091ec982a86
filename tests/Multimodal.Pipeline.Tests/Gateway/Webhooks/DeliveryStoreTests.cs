namespace Multimodal.Pipeline.Tests.Gateway.Webhooks;

/// <summary>Deliveries on SQLite.</summary>
public sealed class DeliveryStoreTests() : DeliveryStoreScenarios(null);
