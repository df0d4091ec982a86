namespace Multimodal.Pipeline.Tests.Gateway.Trust;

/// <summary>Online weights on SQLite.</summary>
public sealed class TrustStoreTests() : TrustStoreScenarios(null);
