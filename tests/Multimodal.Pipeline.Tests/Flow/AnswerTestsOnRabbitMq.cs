namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Answers over a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class AnswerTestsOnRabbitMq(BrokerFixture broker) : AnswerScenarios(broker.NewTransport());
