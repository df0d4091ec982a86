using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Opens the same tables and rows on PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class DataFolderTestsOnPostgres(DatabaseFixture database) : DataFolderScenarios(database.NewDatabase());
