namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The request store on SQLite.</summary>
public sealed class RequestStoreTests() : RequestStoreScenarios(null);
