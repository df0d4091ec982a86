namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>In a file.</summary>
public sealed class RolloutRecordTests() : RolloutRecordScenarios(null);
