using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>What an ensemble would have answered on recorded opinions.</summary>
public sealed class Replay
{
    private Replay(RecordedSet set, IReadOnlyList<ReplayedAnswer?> answers)
    {
        Set = set;
        Answers = answers;
        double count = Math.Max(1, answers.Count);
        ReplayedAnswer[] given = [.. answers.OfType<ReplayedAnswer>()];
        Answered = Scorecard.Of(
            [.. given.Select(answer => answer.LogProbabilities)],
            [.. set.Examples.Where((_, n) => answers[n] is not null).Select(example => example.Label)]);
        AccuracyOfAll = Answered.Accuracy * Answered.Count / count;
        Calls = [.. set.Experts.Select((_, e) => (double)given.Count(answer => answer.GateWeights[e] > 0))];
        ExpertsRun = Calls.Sum() / count;
        ExpertsAvailable = set.Examples.Sum(example => example.Opinions.Count(o => o is not null)) / count;
    }

    /// <summary>The examples.</summary>
    public RecordedSet Set { get; }

    /// <summary>Per example its answer; null when nobody was asked.</summary>
    public IReadOnlyList<ReplayedAnswer?> Answers { get; }

    /// <summary>Score of the answered examples.</summary>
    public Scorecard Answered { get; }

    /// <summary>Share of all examples that were answered right.</summary>
    public double AccuracyOfAll { get; }

    /// <summary>Per expert how often it was asked.</summary>
    public IReadOnlyList<double> Calls { get; }

    /// <summary>Mean number of experts asked per example.</summary>
    public double ExpertsRun { get; }

    /// <summary>Mean number of experts that could have been asked per example.</summary>
    public double ExpertsAvailable { get; }

    /// <summary>Whether an example was answered right.</summary>
    public bool IsRight(int example) => Answers[example] is { } answer && answer.Label == Set.Examples[example].Label;

    /// <summary>Answers every example.</summary>
    public static Replay Of(RecordedSet set, IFusionRule rule, Choice choose)
    {
        var answers = new ReplayedAnswer?[set.Examples.Count];
        foreach (var (n, example) in set.Examples.Index())
        {
            bool[] available = [.. example.Opinions.Select(o => o is not null)];
            var weights = new double[set.Experts.Count];
            choose(n, example, available, weights);
            WeighedOpinion[] opinions =
            [
                .. example.Opinions.Index().Where(o => o.Item is not null && weights[o.Index] > 0)
                    .Select(o => new WeighedOpinion(set.Experts[o.Index].Name, weights[o.Index], o.Item!)),
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

    /// <summary>Answers every example as a gate and a strategy choose.</summary>
    /// <param name="set">The examples.</param>
    /// <param name="gate">Its experts are the set's, in the same order.</param>
    /// <param name="strategy">Name of the selection strategy.</param>
    /// <param name="k">Its k; null lets it decide.</param>
    /// <param name="rule">How opinions are fused.</param>
    /// <param name="steering">Bias, costs, budget and price; null for none.</param>
    public static Replay Of(RecordedSet set, IGate gate, string strategy, int? k, IFusionRule rule, Steering? steering = null)
    {
        var selection = SelectionStrategies.Table[strategy];
        var media = Candidates.Number(set.Experts.Select(e => e.Modality));
        return Of(set, rule, (_, example, available, weights) =>
        {
            Span<double> logits = stackalloc double[available.Length];
            gate.Score(example.Features, logits);
            var candidates = new Candidates(logits, available, media)
            {
                Bias = steering?.Bias ?? [],
                Costs = steering?.Costs ?? [],
                Budget = steering?.Budget ?? double.PositiveInfinity,
            };
            selection.Select(candidates, k, weights);
            if (selection.AsksInWaves)
            {
                var waves = new int[available.Length];
                selection.Order(candidates, weights, waves);
                new Waves(set.Experts, media, rule, steering?.Price ?? ValueOfAsking.UsualPrice).Run(example, waves, weights);
            }
        });
    }
}
