namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Event streams within one process.</summary>
public sealed class EventTests() : EventScenarios(TestTransport.InMemory);
