using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Webhooks;

/// <summary>Deliveries on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class DeliveryStoreTestsOnPostgres(DatabaseFixture database) : DeliveryStoreScenarios(database.NewDatabase());
