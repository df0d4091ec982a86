using Multimodal.Learning.Data;

namespace Multimodal.Learning.Evaluation;

/// <summary>Writes who is asked for an example: a weight above 0 per expert asked; all zero on entry.</summary>
/// <param name="index">Position of the example.</param>
/// <param name="example">The example.</param>
/// <param name="available">Which experts gave an opinion on record; who did not cannot be asked.</param>
/// <param name="weights">One place per expert.</param>
public delegate void Choice(int index, RecordedExample example, ReadOnlySpan<bool> available, Span<double> weights);
