namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Feedback within one process.</summary>
public sealed class TrustTests() : TrustScenarios(TestTransport.InMemory);
