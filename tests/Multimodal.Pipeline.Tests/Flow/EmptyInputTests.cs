namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Empty input within one process.</summary>
public sealed class EmptyInputTests() : EmptyInputScenarios(TestTransport.InMemory);
