namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The store in a file.</summary>
public sealed class RequestStoreTests() : RequestStoreScenarios(null);
