using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>Compares ways of answering on recorded opinions.</summary>
public static class Evaluator
{
    /// <summary>
    /// One row each for: every expert alone; each modality's experts in a uniform linear pool; the best single expert and the
    /// best single modality (chosen in hindsight, so the comparison flatters them); the best expert available for each example;
    /// the uniform pools; the gate-weighted pools; the learned rule with the strategy's choice and asking everybody; and the
    /// oracle, right whenever some expert is.
    /// </summary>
    /// <param name="test">Recorded examples that nothing was trained on.</param>
    /// <param name="gate">The gate; its experts are the set's, in the same order.</param>
    /// <param name="combiner">The learned rule's state; null leaves its rows out.</param>
    /// <param name="strategy">Name of the selection strategy.</param>
    /// <param name="k">Its k; null lets it decide.</param>
    /// <param name="price">What another opinion must be worth, for a strategy that asks in waves (<see cref="ValueOfAsking"/>).</param>
    public static IReadOnlyList<EvaluationRow> Evaluate(
        RecordedSet test, IGate gate, CombinerState? combiner, string strategy = "waves", int? k = null, double price = ValueOfAsking.UsualPrice)
    {
        test.Check();
        var run = new Run(test);
        var media = Candidates.Number(test.Experts.Select(e => e.Modality));
        var chosen = SelectionStrategies.Table[strategy];
        var everybody = SelectionStrategies.Table["soft"];
        var uniform = FusionRules.Table["uniform-linear"](null);

        EvaluationRow[] experts =
        [
            .. test.Experts.Index().Select(e => run.Row($"expert {e.Item.Name}", uniform, (_, _, _, weights) => weights[e.Index] = 1)),
        ];
        EvaluationRow[] modalities =
        [
            .. test.Experts.Select(e => e.Modality).Distinct().Select(modality => run.Row(
                $"modality {modality}", uniform, (_, _, _, weights) => Ask(weights, e => test.Experts[e].Modality == modality))),
        ];
        int[] ranking = [.. Enumerable.Range(0, experts.Length).OrderByDescending(e => experts[e].Answered.Accuracy)];
        void Everybody(int index, RecordedExample example, ReadOnlySpan<bool> available, Span<double> weights) =>
            Choose(gate, everybody, null, media, example, available, weights);
        Choice Chosen(IFusionRule rule) => (_, example, available, weights) =>
        {
            var waves = Choose(gate, chosen, k, media, example, available, weights);
            if (chosen.AsksInWaves)
            {
                new Waves(test.Experts, media, rule, price).Run(example, waves, weights);
            }
        };
        var linear = FusionRules.Table["linear"](null);
        var log = FusionRules.Table["log"](null);

        List<EvaluationRow> rows =
        [
            .. experts, .. modalities,
            Best(experts, "best single expert"), Best(modalities, "best single modality"),
            run.Row("best available expert", uniform, (_, example, _, weights) =>
                Ask(weights, e => e == ranking.FirstOrDefault(i => example.Opinions[i] is not null, -1))),
            run.Row("uniform linear pool", uniform, (_, _, _, weights) => Ask(weights, _ => true)),
            run.Row("uniform log pool", FusionRules.Table["uniform-log"](null), (_, _, _, weights) => Ask(weights, _ => true)),
            run.Row($"gate linear, {strategy}", linear, Chosen(linear)),
            run.Row("gate linear, all", linear, Everybody),
            run.Row($"gate log, {strategy}", log, Chosen(log)),
            run.Row("gate log, all", log, Everybody),
        ];
        if (combiner is not null)
        {
            var learned = new LearnedRule(combiner);
            rows.Add(run.Row($"learned, {strategy}", learned, Chosen(learned)));
            rows.Add(run.Row("learned, all", learned, Everybody));
        }

        rows.Add(run.Oracle());
        return rows;
    }

    private static int[] Choose(
        IGate gate, ISelectionStrategy strategy, int? k, int[] media, RecordedExample example, ReadOnlySpan<bool> available, Span<double> weights)
    {
        Span<double> logits = stackalloc double[available.Length];
        gate.Score(example.Features, logits);
        var candidates = new Candidates(logits, available, media);
        strategy.Select(candidates, k, weights);
        var waves = new int[available.Length];
        strategy.Order(candidates, weights, waves);
        return waves;
    }

    private static void Ask(Span<double> weights, Func<int, bool> asked)
    {
        for (var e = 0; e < weights.Length; e++)
        {
            weights[e] = asked(e) ? 1 : 0;
        }
    }

    private static EvaluationRow Best(IReadOnlyList<EvaluationRow> rows, string name)
    {
        var best = rows.MaxBy(row => row.AccuracyOfAll)!;
        return best with { Name = $"{name} ({best.Name})" };
    }

    /// <summary>One pass over the test set.</summary>
    private sealed class Run(RecordedSet test)
    {
        public EvaluationRow Row(string name, IFusionRule rule, Choice choose)
        {
            var replay = Replay.Of(test, rule, choose);
            return new EvaluationRow(
                name, replay.AccuracyOfAll, (double)replay.Answered.Count / Math.Max(1, test.Examples.Count), replay.Answered,
                replay.ExpertsRun, replay.ExpertsAvailable, [.. Enumerable.Range(0, test.Examples.Count).Select(replay.IsRight)]);
        }

        public EvaluationRow Oracle()
        {
            // A right expert's opinion where there is one, else the first given.
            List<double[]> answers = [];
            List<int> labels = [];
            var isRight = new bool[test.Examples.Count];
            foreach ((var n, var example) in test.Examples.Index())
            {
                double[][] said = [.. example.Opinions.OfType<double[]>()];
                var right = said.FirstOrDefault(o => Numerics.Distribution.ArgMax(o) == example.Label);
                isRight[n] = right is not null;
                if (said.Length > 0)
                {
                    answers.Add(right ?? said[0]);
                    labels.Add(example.Label);
                }
            }

            double count = Math.Max(1, test.Examples.Count);
            var given = test.Examples.Sum(example => example.Opinions.Count(o => o is not null)) / count;
            var answered = Scorecard.Of(answers, labels);
            return new EvaluationRow("oracle", answered.Accuracy * answered.Count / count, answered.Count / count, answered, given, given, isRight);
        }
    }
}
