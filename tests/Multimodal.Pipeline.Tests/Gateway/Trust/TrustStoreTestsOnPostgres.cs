using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>Online weights on a server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class TrustStoreTestsOnPostgres(DatabaseFixture database) : TrustStoreScenarios(database.NewDatabase());
