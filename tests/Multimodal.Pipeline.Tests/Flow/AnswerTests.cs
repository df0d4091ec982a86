namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Answers within one process.</summary>
public sealed class AnswerTests() : AnswerScenarios(TestTransport.InMemory);
