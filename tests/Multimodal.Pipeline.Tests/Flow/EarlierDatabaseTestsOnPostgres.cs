namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class EarlierDatabaseTestsOnPostgres(DatabaseFixture database) : EarlierDatabaseScenarios(database.NewDatabase());
