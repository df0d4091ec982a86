namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Requests that the cache answers, on SQLite.</summary>
public sealed class CachedRequestTests() : CachedRequestScenarios(null);
