namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Empty input over a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class EmptyInputTestsOnRabbitMq(BrokerFixture broker) : EmptyInputScenarios(broker.NewTransport());
