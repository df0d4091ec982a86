using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Evaluation;

/// <summary>Compares ways of answering on recorded opinions.</summary>
public static class Evaluator
{
    /// <summary>
    /// One row each for: every expert alone; the experts of each modality in a uniform linear pool; the best expert and the best modality,
    /// chosen with the test labels, which favours them; per example, the most accurate expert that answered; the uniform pools of all
    /// experts; the gate-weighted pools and the learned rule, each with the selected experts and with all; and the oracle, which is correct
    /// if any expert is.
    /// </summary>
    /// <param name="test">Recorded examples that were not used for training.</param>
    /// <param name="policy">Selects the experts.</param>
    /// <param name="combiner">State of the learned rule; null leaves its rows out.</param>
    public static IReadOnlyList<EvaluationRow> Evaluate(RecordedSet test, SelectionPolicy policy, CombinerState? combiner)
    {
        test.Check();
        var uniform = FusionRules.Table["uniform-linear"](null);
        EvaluationRow Asking(string name, IFusionRule rule, Func<RecordedExample, int, bool> isAsked) => EvaluationRow.Of(
            name, Replay.Of(test, rule, (example, _, weights) => Ask(weights, e => isAsked(example, e))));
        EvaluationRow[] Selecting(string name, IFusionRule rule) =>
        [
            EvaluationRow.Of($"{name}, {policy.Strategy}", Replay.Of(test, policy, rule)),
            EvaluationRow.Of($"{name}, all", Replay.Of(test, policy with { Strategy = "soft", K = null }, rule)),
        ];

        EvaluationRow[] experts =
        [
            .. test.Experts.Select((expert, index) => Asking($"expert {expert.Name}", uniform, (_, e) => e == index)),
        ];
        EvaluationRow[] modalities =
        [
            .. test.Experts.Select(expert => expert.Modality).Distinct()
                .Select(modality => Asking($"modality {modality}", uniform, (_, e) => test.Experts[e].Modality == modality)),
        ];
        int[] ranking = [.. Enumerable.Range(0, experts.Length).OrderByDescending(e => experts[e].Answered.Accuracy)];
        return
        [
            .. experts, .. modalities,
            Best(experts, "best single expert"), Best(modalities, "best single modality"),
            Asking("best available expert", uniform, (example, e) => e == ranking.FirstOrDefault(i => example.Opinions[i] is not null, -1)),
            Asking("uniform linear pool", uniform, (_, _) => true),
            Asking("uniform log pool", FusionRules.Table["uniform-log"](null), (_, _) => true),
            .. Selecting("gate linear", FusionRules.Table["linear"](null)),
            .. Selecting("gate log", FusionRules.Table["log"](null)),
            .. combiner is null ? [] : Selecting("learned", new LearnedRule(combiner)),
            Oracle(test),
        ];
    }

    private static void Ask(Span<double> weights, Func<int, bool> isAsked)
    {
        for (var e = 0; e < weights.Length; e++)
        {
            weights[e] = isAsked(e) ? 1 : 0;
        }
    }

    private static EvaluationRow Best(IReadOnlyList<EvaluationRow> rows, string name)
    {
        var best = rows.MaxBy(row => row.AccuracyOfAll)!;
        return best with { Name = $"{name} ({best.Name})" };
    }

    private static EvaluationRow Oracle(RecordedSet test)
    {
        List<double[]> answers = [];
        List<int> labels = [];
        var isCorrect = new bool[test.Examples.Count];
        foreach (var (n, example) in test.Examples.Index())
        {
            double[][] answered = [.. example.Opinions.OfType<double[]>()];
            var correct = answered.FirstOrDefault(opinion => Distribution.ArgMax(opinion) == example.Label);
            isCorrect[n] = correct is not null;
            if (answered.Length > 0)
            {
                answers.Add(correct ?? answered[0]);
                labels.Add(example.Label);
            }
        }

        double count = Math.Max(1, test.Examples.Count);
        var available = test.Examples.Sum(example => example.Opinions.Count(o => o is not null)) / count;
        var score = Scorecard.Of(answers, labels);
        return new EvaluationRow(
            "oracle", score.Accuracy * score.Count / count, score.Count / count, score, available, available, isCorrect);
    }
}
