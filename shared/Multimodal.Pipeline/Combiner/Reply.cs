using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Combiner;

/// <summary>What one expert replied: exactly one of the two is set.</summary>
internal readonly record struct Reply(ExpertAnswered? Answered, ExpertDeclined? Declined)
{
    /// <summary>The opinion, if it can be fused: a worker of another version may send anything.</summary>
    /// <param name="labels">Number of labels.</param>
    public IReadOnlyList<double>? Opinion(int labels) =>
        Answered is { } answered && answered.LogProbabilities.Count == labels && answered.LogProbabilities.All(double.IsFinite)
            ? answered.LogProbabilities
            : null;
}
