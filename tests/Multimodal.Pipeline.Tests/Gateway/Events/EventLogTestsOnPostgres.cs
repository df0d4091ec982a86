using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The event log on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class EventLogTestsOnPostgres(DatabaseFixture database) : EventLogScenarios(database.NewDatabase());
