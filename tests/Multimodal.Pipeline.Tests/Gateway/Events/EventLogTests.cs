namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The order of results in a file.</summary>
public sealed class EventLogTests() : EventLogScenarios(null);
