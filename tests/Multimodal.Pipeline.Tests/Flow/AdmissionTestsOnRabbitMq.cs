namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Admission over a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class AdmissionTestsOnRabbitMq(BrokerFixture broker) : AdmissionScenarios(broker.NewTransport());
