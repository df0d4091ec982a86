using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The order of results on a server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class EventLogTestsOnPostgres(DatabaseFixture database) : EventLogScenarios(database.NewDatabase());
