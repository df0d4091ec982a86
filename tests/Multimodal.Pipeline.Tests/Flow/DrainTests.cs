namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Shutdown of a single process.</summary>
public sealed class DrainTests() : DrainScenarios(TestTransport.InMemory);
