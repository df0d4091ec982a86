using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Telemetry;

/// <summary>Telemetry within one process.</summary>
public sealed class TelemetryTests() : TelemetryScenarios(TestTransport.InMemory);
