namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Answers within one process.</summary>
public sealed class AnswerTests() : AnswerScenarios(TestTransport.InMemory);

/// <summary>Answers over a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class AnswerTestsOnRabbitMq(BrokerFixture broker) : AnswerScenarios(broker.NewTransport());
