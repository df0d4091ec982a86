namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A broker and a database for tests that need both.</summary>
[CollectionDefinition(Name)]
public sealed class SharedGroup : ICollectionFixture<BrokerFixture>, ICollectionFixture<DatabaseFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "broker and database";
}
