namespace Multimodal.Pipeline.Tests.Gateway.Secrets;

/// <summary>SQLite.</summary>
public sealed class SecretTests() : SecretScenarios(null);
