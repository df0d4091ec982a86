using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Requests that the cache answers, on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class CachedRequestTestsOnPostgres(DatabaseFixture database) : CachedRequestScenarios(database.NewDatabase());
