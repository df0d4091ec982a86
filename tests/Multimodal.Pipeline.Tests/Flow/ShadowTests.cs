namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Shadow experts within one process.</summary>
public sealed class ShadowTests() : ShadowScenarios(TestTransport.InMemory);
