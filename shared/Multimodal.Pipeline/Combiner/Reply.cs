using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The reply of one expert. Exactly one of the properties is set.</summary>
internal readonly record struct Reply(ExpertAnswered? Answered, ExpertDeclined? Declined)
{
    /// <summary>Returns the opinion if it can be fused. A worker of another version may send one that does not match the labels.</summary>
    /// <param name="labels">Number of labels.</param>
    public IReadOnlyList<double>? Opinion(int labels) =>
        Answered is { } answered && answered.LogProbabilities.Count == labels && answered.LogProbabilities.All(double.IsFinite)
            ? answered.LogProbabilities
            : null;
}
