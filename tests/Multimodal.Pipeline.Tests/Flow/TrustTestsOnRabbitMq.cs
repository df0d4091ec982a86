namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class TrustTestsOnRabbitMq(BrokerFixture broker) : TrustScenarios(broker.NewTransport());
