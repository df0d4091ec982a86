namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Tests that share the server run one after the other.</summary>
[CollectionDefinition(DatabaseFixture.Name)]
public sealed class DatabaseGroup : ICollectionFixture<DatabaseFixture>;
