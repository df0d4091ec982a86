using System.Diagnostics;
using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>Each expert is held out of training and then brought in with fifty labelled requests, beside training again with all of them.</summary>
internal static class GrowthBench
{
    private const int Samples = 50;
    private const int Draws = 4;

    public static IReadOnlyList<WantedFigure> Run(
        RecordedSet recorded, RecordedSet test, string strategy, int hidden, string[] ignore, int seed, CancellationToken cancellationToken)
    {
        var (train, held) = TrainCommand.Split(recorded, 0.2, seed);
        var options = new TrainingOptions { HiddenUnits = hidden, Ignore = ignore };
        (GateState Gate, CombinerState Combiner) Fit(RecordedSet fit, RecordedSet stop)
        {
            var gate = GateTrainer.Train(fit, stop, options, new Random(seed), null, cancellationToken);
            var combiner = CombinerTrainer.Train(
                fit, stop, Gates.Open(gate), TrainingOptions.ForCombiner with { Ignore = ignore, Strategy = strategy }, new Random(seed), null, cancellationToken);
            return (gate, combiner);
        }

        var watch = Stopwatch.StartNew();
        var (fullGate, fullCombiner) = Fit(train, held);
        var seconds = watch.Elapsed.TotalSeconds;
        var full = Replay.Of(test, Gates.Open(fullGate), strategy, null, new LearnedRule(fullCombiner));
        var rows = new Row[test.Experts.Count];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = 2 }, e =>
        {
            var (gate, combiner) = Fit(train.Without(e), held.Without(e));
            rows[e] = Judge(train, test, e, gate, combiner, full, strategy, seed);
        });

        Terminal.Line($"[bold]A new expert[/]: held out of training, then added with {Samples} labelled requests of its medium ({Draws} draws); requests it is meant for: those that full training asks it for");
        var table = new Table().Border(TableBorder.Simple).AddColumn("new expert").AddColumns(Terminal.Figures("meant for", "without %", "added %", "trained again %", "share of the gain %", "others moved by"));
        foreach (var row in rows)
        {
            table.AddRow(
                row.Expert, row.Requests.ToString(CultureInfo.InvariantCulture), Number(row.Without), Number(row.Added), Number(row.Again),
                Number(100 * (row.Added - row.Without) / (row.Again - row.Without)), row.Moved.ToString("0e0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);

        // Over all experts together: where training again gains next to nothing, its share of that is noise.
        double Gain(Func<Row, double> accuracy) => rows.Sum(row => row.Requests * (accuracy(row) - row.Without));
        return
        [
            WantedFigure.AtMost("seconds to train gate and combiner", seconds, 180),
            WantedFigure.AtLeast("new expert, share of full training's gain on what it is meant for, %", 100 * Gain(row => row.Added) / Gain(row => row.Again), 90),
            WantedFigure.AtMost("new expert, most that any ln p moved where it was not asked, in 1e-12", 1e12 * rows.Max(row => row.Moved), 1),
        ];
    }

    private sealed record Row(string Expert, int Requests, double Without, double Added, double Again, double Moved);

    private static Row Judge(
        RecordedSet train, RecordedSet test, int expert, GateState gate, CombinerState combiner, Replay full, string strategy, int seed)
    {
        int[] meant = [.. Enumerable.Range(0, test.Examples.Count).Where(n => full.Answers[n]?.GateWeights[expert] > 0)];
        double Accuracy(Replay replay) => meant.Average(n => replay.IsRight(n) ? 100.0 : 0);
        var without = Replay.Of(test.Without(expert), Gates.Open(gate), strategy, null, new LearnedRule(combiner));
        var last = Last(test, expert);
        RecordedExample[] heard = [.. train.Examples.Where(example => example.Opinions[expert] is not null)];
        var added = new double[Draws];
        var moved = 0.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            RecordedExample[] drawn = [.. heard];
            new Random(seed + draw).Shuffle(drawn);
            var sample = Last(train with { Examples = drawn[..Samples] }, expert);
            var grown = Replay.Of(
                last, Gates.Open(ExpertGrowth.Add(gate, sample)), strategy, null, new LearnedRule(ExpertGrowth.Add(combiner, sample)));
            added[draw] = Accuracy(grown);
            moved = Math.Max(moved, grown.Answers.Index().Max(answer => Moved(answer.Item, without.Answers[answer.Index])));
        }

        return new Row(test.Experts[expert].Name, meant.Length, Accuracy(without), added.Average(), Accuracy(full), moved);
    }

    // The new expert is the last; where it was asked, the answer is meant to move.
    private static double Moved(ReplayedAnswer? now, ReplayedAnswer? before) => now is null || before is null || now.GateWeights[^1] > 0
        ? 0
        : now.LogProbabilities.Zip(before.LogProbabilities, (a, b) => Math.Abs(a - b)).Max();

    private static RecordedSet Last(RecordedSet set, int expert)
    {
        T[] Move<T>(IReadOnlyList<T> items) => [.. items.Where((_, e) => e != expert), items[expert]];
        return set with { Experts = Move(set.Experts), Examples = [.. set.Examples.Select(example => example with { Opinions = Move(example.Opinions) })] };
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
