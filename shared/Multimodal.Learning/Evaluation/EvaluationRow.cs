using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Evaluation;

/// <summary>Result of one way of answering on a test set.</summary>
/// <param name="Name">What answered, for example <c>expert vision-printed</c>, <c>uniform-linear</c> or <c>learned top-k</c>.</param>
/// <param name="AccuracyOfAll">
/// Share of correct answers among all examples, in [0, 1]; an example without an answer counts as wrong.
/// </param>
/// <param name="Coverage">Share of the examples that were answered, in [0, 1].</param>
/// <param name="Answered">Score on the answered examples.</param>
/// <param name="ExpertsRun">Mean number of experts asked, over all examples.</param>
/// <param name="ExpertsAvailable">Mean number of experts that could have been asked.</param>
/// <param name="IsCorrect">Per example, whether the answer was correct.</param>
public sealed record EvaluationRow(
    string Name, double AccuracyOfAll, double Coverage, Scorecard Answered, double ExpertsRun, double ExpertsAvailable,
    IReadOnlyList<bool> IsCorrect)
{
    /// <summary>The result of a replay.</summary>
    public static EvaluationRow Of(string name, Replay replay)
    {
        var count = replay.Set.Examples.Count;
        return new EvaluationRow(
            name, replay.AccuracyOfAll, (double)replay.Answered.Count / Math.Max(1, count), replay.Answered,
            replay.ExpertsRun, replay.ExpertsAvailable, [.. Enumerable.Range(0, count).Select(replay.IsCorrect)]);
    }

    /// <summary>
    /// Accuracy minus that of another row on the same examples, in percentage points, with the standard error of paired differences.
    /// </summary>
    public Estimate PointsAbove(EvaluationRow other) => Estimate.Mean([.. Differences(other).Select(difference => 100 * difference)]);

    /// <summary>
    /// Share of the distance in accuracy between two rows on the same examples that this row covers: 0 at <paramref name="from"/>, 1 at
    /// <paramref name="to"/>. The standard error comes from the delta method on paired differences (<see cref="Estimate.Ratio"/>).
    /// </summary>
    public Estimate ShareOfDistance(EvaluationRow from, EvaluationRow to) => Estimate.Ratio(Differences(from), to.Differences(from));

    private double[] Differences(EvaluationRow other) => IsCorrect.Count == other.IsCorrect.Count
        ? [.. IsCorrect.Zip(other.IsCorrect, (isCorrect, isOtherCorrect) => (isCorrect ? 1.0 : 0) - (isOtherCorrect ? 1 : 0))]
        : throw new ArgumentException(
            $"{Name} has {IsCorrect.Count} examples and {other.Name} has {other.IsCorrect.Count}. Compare rows of the same test set.",
            nameof(other));
}
