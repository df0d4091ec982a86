namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Rollout records on SQLite.</summary>
public sealed class RolloutRecordTests() : RolloutRecordScenarios(null);
