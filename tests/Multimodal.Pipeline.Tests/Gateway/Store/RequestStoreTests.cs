using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The store in a file.</summary>
public sealed class RequestStoreTests() : RequestStoreScenarios(null);

/// <summary>The store on a server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class RequestStoreTestsOnPostgres(DatabaseFixture database) : RequestStoreScenarios(database.NewDatabase());
