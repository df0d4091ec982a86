namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Admission within one process.</summary>
public sealed class AdmissionTests() : AdmissionScenarios(TestTransport.InMemory);
