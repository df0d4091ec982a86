namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Tests that share the broker run one after the other.</summary>
[CollectionDefinition(BrokerFixture.Name)]
public sealed class BrokerGroup : ICollectionFixture<BrokerFixture>;
