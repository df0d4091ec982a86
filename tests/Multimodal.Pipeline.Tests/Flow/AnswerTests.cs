namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The answers of one process.</summary>
public sealed class AnswerTests() : AnswerScenarios(TestTransport.InMemory);

/// <summary>The same answers through a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class AnswerTestsOnRabbitMq(BrokerFixture broker) : AnswerScenarios(broker.NewTransport());
