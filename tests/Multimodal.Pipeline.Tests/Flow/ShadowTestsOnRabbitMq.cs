namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Shadow experts with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class ShadowTestsOnRabbitMq(BrokerFixture broker) : ShadowScenarios(broker.NewTransport());
