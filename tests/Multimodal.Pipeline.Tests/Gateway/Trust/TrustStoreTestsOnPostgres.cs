using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>Online weights on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class TrustStoreTestsOnPostgres(DatabaseFixture database) : TrustStoreScenarios(database.NewDatabase());
