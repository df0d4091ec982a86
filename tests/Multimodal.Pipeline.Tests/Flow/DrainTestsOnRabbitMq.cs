namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Shutdown with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class DrainTestsOnRabbitMq(BrokerFixture broker) : DrainScenarios(broker.NewTransport());
