using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>The answers that an ensemble would have given to recorded requests.</summary>
public sealed class Replay
{
    private Replay(RecordedSet set, IReadOnlyList<ReplayedAnswer?> answers)
    {
        Set = set;
        Answers = answers;
        double count = Math.Max(1, answers.Count);
        ReplayedAnswer[] answered = [.. answers.OfType<ReplayedAnswer>()];
        Answered = Scorecard.Of(
            [.. answered.Select(answer => answer.LogProbabilities)],
            [.. set.Examples.Where((_, n) => answers[n] is not null).Select(example => example.Label)]);
        AccuracyOfAll = Answered.Accuracy * Answered.Count / count;
        Calls = [.. set.Experts.Select((_, e) => (double)answered.Count(answer => answer.GateWeights[e] > 0))];
        ExpertsRun = Calls.Sum() / count;
        ExpertsAvailable = set.Examples.Sum(example => example.Opinions.Count(o => o is not null)) / count;
    }

    /// <summary>The requests.</summary>
    public RecordedSet Set { get; }

    /// <summary>One answer per request; null if no expert was asked.</summary>
    public IReadOnlyList<ReplayedAnswer?> Answers { get; }

    /// <summary>Score of the answered requests.</summary>
    public Scorecard Answered { get; }

    /// <summary>Share of correct answers among all requests, in [0, 1].</summary>
    public double AccuracyOfAll { get; }

    /// <summary>Number of requests that asked each expert.</summary>
    public IReadOnlyList<double> Calls { get; }

    /// <summary>Mean number of experts asked per request.</summary>
    public double ExpertsRun { get; }

    /// <summary>Mean number of experts per request whose opinion was recorded.</summary>
    public double ExpertsAvailable { get; }

    /// <summary>Whether a request was answered correctly.</summary>
    public bool IsCorrect(int example) => Answers[example] is { } answer && answer.Label == Set.Examples[example].Label;

    /// <summary>Answers every request from the opinions of the experts that <paramref name="weigh"/> asks.</summary>
    public static Replay Of(RecordedSet set, IFusionRule rule, ExpertWeighting weigh)
    {
        var answers = new ReplayedAnswer?[set.Examples.Count];
        foreach (var (n, example) in set.Examples.Index())
        {
            var available = example.HasOpinion();
            var weights = new double[set.Experts.Count];
            weigh(example, available, weights);
            WeightedOpinion[] opinions =
            [
                .. example.Opinions.Index().Where(o => o.Item is not null && weights[o.Index] > 0)
                    .Select(o => new WeightedOpinion(set.Experts[o.Index].Name, weights[o.Index], o.Item!)),
            ];
            for (var e = 0; e < weights.Length; e++)
            {
                weights[e] = available[e] ? weights[e] : 0;
            }

            if (opinions.Length > 0)
            {
                answers[n] = new ReplayedAnswer(weights, rule.Fuse(opinions, example.Features).LogProbabilities);
            }
        }

        return new Replay(set, answers);
    }

    /// <summary>Answers every request from the opinions of the experts that a policy selects.</summary>
    public static Replay Of(RecordedSet set, SelectionPolicy policy, IFusionRule rule)
    {
        var selector = new ExpertSelector(set, policy.Gate, policy.Strategy);
        var waves = new WaveReplay(set.Experts, selector.Modalities, rule, policy.Price);
        return Of(set, rule, (example, available, weights) =>
        {
            var selection = selector.Select(example.Features, available, policy.K, policy.Steering);
            (selector.AsksInWaves ? waves.AskedWeights(example, selection) : selection.Weights).CopyTo(weights);
        });
    }
}
