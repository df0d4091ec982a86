namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The cache within one process.</summary>
public sealed class CacheTests() : CacheScenarios(TestTransport.InMemory);
