using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The request store on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class RequestStoreTestsOnPostgres(DatabaseFixture database) : RequestStoreScenarios(database.NewDatabase());
