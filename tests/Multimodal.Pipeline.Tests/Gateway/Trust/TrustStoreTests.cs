namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>Online weights in a file.</summary>
public sealed class TrustStoreTests() : TrustStoreScenarios(null);
