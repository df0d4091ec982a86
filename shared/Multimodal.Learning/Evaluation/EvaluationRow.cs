using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Evaluation;

/// <summary>How one way of answering did on a test set.</summary>
/// <param name="Name">What answered, for example <c>expert vision-printed</c>, <c>uniform-linear</c> or <c>learned top-k</c>.</param>
/// <param name="AccuracyOfAll">Share of all examples it got right; an example it could not answer is wrong.</param>
/// <param name="Coverage">Share of the examples it could answer.</param>
/// <param name="Answered">Its score on the examples it could answer.</param>
/// <param name="ExpertsRun">Mean number of experts asked, over all examples.</param>
/// <param name="ExpertsAvailable">Mean number of experts that could have been asked.</param>
public sealed record EvaluationRow(
    string Name, double AccuracyOfAll, double Coverage, Scorecard Answered, double ExpertsRun, double ExpertsAvailable);
