using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Rollout records on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class RolloutRecordTestsOnPostgres(DatabaseFixture database) : RolloutRecordScenarios(database.NewDatabase());
