using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Scoring;
using Multimodal.Learning.Training;

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
    public static IReadOnlyList<EvaluationRow> Evaluate(
        RecordedSet test, IGate gate, CombinerState? combiner, string strategy = "top-k-per-modality", int? k = null)
    {
        test.Check();
        var run = new Run(test);
        int[] media = Candidates.Number(test.Experts.Select(e => e.Modality));
        ISelectionStrategy chosen = SelectionStrategies.Table[strategy];
        ISelectionStrategy everybody = SelectionStrategies.Table["soft"];
        IFusionRule uniform = FusionRules.Table["uniform-linear"](null);

        EvaluationRow[] experts =
        [
            .. test.Experts.Index().Select(e => run.Row($"expert {e.Item.Name}", uniform, (_, _, weights) => weights[e.Index] = 1)),
        ];
        EvaluationRow[] modalities =
        [
            .. test.Experts.Select(e => e.Modality).Distinct().Select(modality => run.Row(
                $"modality {modality}", uniform, (_, _, weights) => Ask(weights, e => test.Experts[e].Modality == modality))),
        ];
        int[] ranking = [.. Enumerable.Range(0, experts.Length).OrderByDescending(e => experts[e].Answered.Accuracy)];
        void Everybody(RecordedExample example, bool[] available, double[] weights) =>
            Choose(gate, everybody, null, media, example, available, weights);
        void Chosen(RecordedExample example, bool[] available, double[] weights) =>
            Choose(gate, chosen, k, media, example, available, weights);

        List<EvaluationRow> rows =
        [
            .. experts, .. modalities,
            Best(experts, "best single expert"), Best(modalities, "best single modality"),
            run.Row("best available expert", uniform, (_, available, weights) =>
                Ask(weights, e => e == ranking.FirstOrDefault(i => available[i], -1))),
            run.Row("uniform linear pool", uniform, (_, _, weights) => Ask(weights, _ => true)),
            run.Row("uniform log pool", FusionRules.Table["uniform-log"](null), (_, _, weights) => Ask(weights, _ => true)),
            run.Row($"gate linear, {strategy}", FusionRules.Table["linear"](null), Chosen),
            run.Row("gate linear, all", FusionRules.Table["linear"](null), Everybody),
            run.Row($"gate log, {strategy}", FusionRules.Table["log"](null), Chosen),
            run.Row("gate log, all", FusionRules.Table["log"](null), Everybody),
        ];
        if (combiner is not null)
        {
            var learned = new LearnedRule(combiner);
            rows.Add(run.Row($"learned, {strategy}", learned, Chosen));
            rows.Add(run.Row("learned, all", learned, Everybody));
        }

        rows.Add(run.Oracle());
        return rows;
    }

    private static void Choose(
        IGate gate, ISelectionStrategy strategy, int? k, int[] media, RecordedExample example, bool[] available, double[] weights)
    {
        Span<double> logits = stackalloc double[available.Length];
        gate.Score(example.Features, logits);
        strategy.Select(new Candidates(logits, available, media), k, weights);
    }

    private static void Ask(double[] weights, Func<int, bool> asked)
    {
        for (int e = 0; e < weights.Length; e++)
        {
            weights[e] = asked(e) ? 1 : 0;
        }
    }

    private static EvaluationRow Best(IReadOnlyList<EvaluationRow> rows, string name)
    {
        EvaluationRow best = rows.MaxBy(row => row.AccuracyOfAll)!;
        return best with { Name = $"{name} ({best.Name})" };
    }

    /// <summary>One pass over the test set.</summary>
    private sealed class Run(RecordedSet test)
    {
        private readonly bool[][] _available = [.. test.Examples.Select(example => example.Opinions.Select(o => o is not null).ToArray())];

        public EvaluationRow Row(string name, IFusionRule rule, Action<RecordedExample, bool[], double[]> choose)
        {
            List<double[]> answers = [];
            List<int> labels = [];
            double asked = 0;
            foreach ((int n, RecordedExample example) in test.Examples.Index())
            {
                var weights = new double[test.Experts.Count];
                choose(example, _available[n], weights);
                WeighedOpinion[] opinions =
                [
                    .. example.Opinions.Index().Where(o => o.Item is not null && weights[o.Index] > 0)
                        .Select(o => new WeighedOpinion(test.Experts[o.Index].Name, weights[o.Index], o.Item!)),
                ];
                asked += opinions.Length;
                if (opinions.Length > 0)
                {
                    answers.Add(rule.Fuse(opinions, example.Features).LogProbabilities);
                    labels.Add(example.Label);
                }
            }

            return Of(name, Scorecard.Of(answers, labels), asked);
        }

        public EvaluationRow Oracle()
        {
            // A right expert's opinion where there is one, else the first given.
            List<double[]> answers = [];
            List<int> labels = [];
            foreach (RecordedExample example in test.Examples)
            {
                double[][] given = [.. example.Opinions.OfType<double[]>()];
                if (given.Length > 0)
                {
                    answers.Add(given.FirstOrDefault(o => Numerics.Distribution.ArgMax(o) == example.Label, given[0]));
                    labels.Add(example.Label);
                }
            }

            return Of("oracle", Scorecard.Of(answers, labels), _available.Sum(a => a.Count(given => given)));
        }

        private EvaluationRow Of(string name, Scorecard answered, double asked)
        {
            double count = Math.Max(1, test.Examples.Count);
            return new EvaluationRow(
                name, answered.Accuracy * answered.Count / count, answered.Count / count, answered,
                asked / count, _available.Sum(a => a.Count(given => given)) / count);
        }
    }
}
