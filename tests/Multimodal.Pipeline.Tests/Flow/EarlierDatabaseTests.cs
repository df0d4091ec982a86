namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>SQLite.</summary>
public sealed class EarlierDatabaseTests() : EarlierDatabaseScenarios(null);
