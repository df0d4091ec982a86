namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Crash and restart with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class CrashTestsOnRabbitMq(BrokerFixture broker) : CrashScenarios(broker.NewTransport());
