using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>On a server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class RolloutRecordTestsOnPostgres(DatabaseFixture database) : RolloutRecordScenarios(database.NewDatabase());
