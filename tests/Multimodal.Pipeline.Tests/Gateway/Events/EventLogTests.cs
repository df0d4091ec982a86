namespace Multimodal.Pipeline.Tests.Gateway.Events;

/// <summary>The event log on SQLite.</summary>
public sealed class EventLogTests() : EventLogScenarios(null);
