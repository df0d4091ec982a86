using Multimodal.Learning.Data;

namespace Multimodal.Learning.Evaluation;

/// <summary>A fault of one expert during a stream of requests: its opinions keep their confidence but name wrong labels.</summary>
/// <param name="Expert">Index of the expert.</param>
/// <param name="From">Index of the first faulty request.</param>
/// <param name="To">Index of the first request after the fault.</param>
/// <param name="IsKnown">Whether the fault is known in advance, so that the expert is not asked. No learner can do better.</param>
public sealed record ExpertFault(int Expert, int From, int To, bool IsKnown = false)
{
    /// <summary>The opinions on a request under the fault.</summary>
    /// <param name="example">The request; not modified.</param>
    /// <param name="index">Its index in the stream.</param>
    public RecordedExample Apply(RecordedExample example, int index) => index < From || index >= To
        ? example
        : example with { Opinions = [.. example.Opinions.Select((o, e) => e != Expert ? o : IsKnown ? null : Permuted(o))] };

    private static double[]? Permuted(double[]? opinion) =>
        opinion is null ? null : [.. opinion.Select((_, k) => opinion[(k + opinion.Length - 3) % opinion.Length])];
}
