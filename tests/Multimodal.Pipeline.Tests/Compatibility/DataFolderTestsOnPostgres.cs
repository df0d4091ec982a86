using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>The same tables and rows on a server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class DataFolderTestsOnPostgres(DatabaseFixture database) : DataFolderScenarios(database.NewDatabase());
