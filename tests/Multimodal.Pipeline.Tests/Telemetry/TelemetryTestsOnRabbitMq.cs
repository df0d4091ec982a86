using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Telemetry with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class TelemetryTestsOnRabbitMq(BrokerFixture broker) : TelemetryScenarios(broker.NewTransport());
