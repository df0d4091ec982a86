namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Event streams with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class EventTestsOnRabbitMq(BrokerFixture broker) : EventScenarios(broker.NewTransport());
