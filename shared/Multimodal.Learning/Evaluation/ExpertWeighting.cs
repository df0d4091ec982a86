using Multimodal.Learning.Data;

namespace Multimodal.Learning.Evaluation;

/// <summary>Decides which experts are asked about a recorded request.</summary>
/// <param name="example">The request.</param>
/// <param name="available">One entry per expert: whether its opinion was recorded. The others cannot be asked.</param>
/// <param name="weights">One weight per expert, all 0 on entry. A weight above 0 asks the expert.</param>
public delegate void ExpertWeighting(RecordedExample example, ReadOnlySpan<bool> available, Span<double> weights);
