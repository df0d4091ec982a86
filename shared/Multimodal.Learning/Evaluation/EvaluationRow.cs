using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Evaluation;

/// <summary>How one way of answering did on a test set.</summary>
/// <param name="Name">What answered, for example <c>expert vision-printed</c>, <c>uniform-linear</c> or <c>learned top-k</c>.</param>
/// <param name="AccuracyOfAll">Share of all examples it got right; an example it could not answer is wrong.</param>
/// <param name="Coverage">Share of the examples it could answer.</param>
/// <param name="Answered">Its score on the examples it could answer.</param>
/// <param name="ExpertsRun">Mean number of experts asked, over all examples.</param>
/// <param name="ExpertsAvailable">Mean number of experts that could have been asked.</param>
/// <param name="IsRight">Per example, whether it was answered right.</param>
public sealed record EvaluationRow(
    string Name, double AccuracyOfAll, double Coverage, Scorecard Answered, double ExpertsRun, double ExpertsAvailable, IReadOnlyList<bool> IsRight)
{
    /// <summary>Accuracy above that of another row on the same examples, in percentage points; the standard error is that of paired differences.</summary>
    public Estimate PointsAbove(EvaluationRow other) => Estimate.Mean([.. Differences(other).Select(difference => 100 * difference)]);

    /// <summary>
    /// Share of the distance in accuracy between two rows on the same examples that this row covers: 0 at <paramref name="from"/>, 1 at
    /// <paramref name="to"/>. The standard error comes from the delta method on paired differences (<see cref="Estimate.Ratio"/>).
    /// </summary>
    public Estimate ShareOfDistance(EvaluationRow from, EvaluationRow to) => Estimate.Ratio(Differences(from), to.Differences(from));

    private double[] Differences(EvaluationRow other) => IsRight.Count == other.IsRight.Count
        ? [.. IsRight.Zip(other.IsRight, (mine, theirs) => (mine ? 1.0 : 0) - (theirs ? 1 : 0))]
        : throw new ArgumentException($"{Name} has {IsRight.Count} examples and {other.Name} has {other.IsRight.Count}: they cannot be paired.");
}
