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

/// <summary>Holds each expert out of training, adds it with fifty labelled requests, and compares with full retraining.</summary>
internal static class GrowthBench
{
    private const int Samples = 50;
    private const int Draws = 4;

    public static IReadOnlyList<Target> Run(
        RecordedSet recorded, RecordedSet test, GrowthBenchOptions options, CancellationToken cancellationToken)
    {
        var (train, held) = TrainCommand.Split(recorded, 0.2, options.Seed);
        (GateState Gate, CombinerState Combiner) Fit(RecordedSet fit, RecordedSet stop)
        {
            TrainingRun Start() => new(new Random(options.Seed)) { CancellationToken = cancellationToken };
            var gate = GateTrainer.Train(fit, stop, new TrainingOptions { HiddenUnits = options.HiddenUnits, Ignore = options.Ignore }, Start());
            var combined = TrainingOptions.ForCombiner with { Ignore = options.Ignore, Strategy = options.Strategy };
            return (gate, CombinerTrainer.Train(fit, stop, Gates.Open(gate), combined, Start()));
        }

        var watch = Stopwatch.StartNew();
        var (fullGate, fullCombiner) = Fit(train, held);
        var seconds = watch.Elapsed.TotalSeconds;
        var full = Answer(test, fullGate, fullCombiner, options);
        var rows = new Row[test.Experts.Count];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = 2 }, e =>
        {
            rows[e] = new HeldOutExpert(e, train, full, options).Evaluate(Fit(train.Without(e), held.Without(e)));
        });

        Terminal.Line(
            $"[bold]New expert[/]: held out of training, then added with {Samples} labelled requests of its medium ({Draws} draws); relevant requests: those for which full training asks it");
        var table = new Table().Border(TableBorder.Simple).AddColumn("new expert").AddColumns(
            Terminal.Figures("relevant", "without %", "added %", "retrained %", "share of the gain %", "change of others"));
        foreach (var row in rows)
        {
            table.AddRow(
                row.Expert, row.Requests.ToString(CultureInfo.InvariantCulture), Number(row.Without), Number(row.Added), Number(row.Retrained),
                Number(
                    100 * (row.Added - row.Without) / (row.Retrained - row.Without)), row.Change.ToString("0e0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);

        // Summed over all experts: where retraining gains almost nothing, the share of that gain is noise.
        double Gain(Func<Row, double> accuracy) => rows.Sum(row => row.Requests * (accuracy(row) - row.Without));
        return
        [
            Target.AtMost("seconds to train gate and combiner", seconds, 180),
            Target.AtLeast(
                "new expert, share of the retraining gain on its relevant requests, %",
                100 * Gain(row => row.Added) / Gain(row => row.Retrained), 90),
            Target.AtMost(
                "new expert, largest change of any ln p where it was not asked, in 1e-12", 1e12 * rows.Max(row => row.Change), 1),
        ];
    }

    private sealed record Row(string Expert, int Requests, double Without, double Added, double Retrained, double Change);

    private static Replay Answer(RecordedSet set, GateState gate, CombinerState combiner, GrowthBenchOptions options) =>
        Replay.Of(set, new SelectionPolicy(Gates.Open(gate), options.Strategy), new LearnedRule(combiner));

    /// <summary>An expert that was held out of training.</summary>
    private sealed record HeldOutExpert(int Expert, RecordedSet Train, Replay Full, GrowthBenchOptions Options)
    {
        public Row Evaluate((GateState Gate, CombinerState Combiner) others)
        {
            var test = Full.Set;
            int[] relevant = [.. Enumerable.Range(0, test.Examples.Count).Where(n => Full.Answers[n]?.GateWeights[Expert] > 0)];
            double Accuracy(Replay replay) => relevant.Average(n => replay.IsCorrect(n) ? 100.0 : 0);
            var without = Answer(test.Without(Expert), others.Gate, others.Combiner, Options);
            var last = MoveLast(test, Expert);
            var answered = Train with { Examples = [.. Train.Examples.Where(example => example.Opinions[Expert] is not null)] };
            var added = new double[Draws];
            var change = 0.0;
            for (var draw = 0; draw < Draws; draw++)
            {
                var sample = MoveLast(
                    answered with { Examples = [.. answered.Shuffled(new Random(Options.Seed + draw)).Examples.Take(Samples)] }, Expert);
                var grown = Answer(last, ExpertGrowth.Add(others.Gate, sample), ExpertGrowth.Add(others.Combiner, sample), Options);
                added[draw] = Accuracy(grown);
                change = Math.Max(change, grown.Answers.Index().Max(answer => Change(answer.Item, without.Answers[answer.Index])));
            }

            return new Row(test.Experts[Expert].Name, relevant.Length, Accuracy(without), added.Average(), Accuracy(Full), change);
        }
    }

    // The new expert comes last. Where it was asked, the answer is expected to change.
    private static double Change(ReplayedAnswer? now, ReplayedAnswer? before) => now is null || before is null || now.GateWeights[^1] > 0
        ? 0
        : now.LogProbabilities.Zip(before.LogProbabilities, (a, b) => Math.Abs(a - b)).Max();

    private static RecordedSet MoveLast(RecordedSet set, int expert)
    {
        T[] Move<T>(IReadOnlyList<T> items) => [.. items.Where((_, e) => e != expert), items[expert]];
        return set with { Experts = Move(set.Experts), Examples = [.. set.Examples.Select(example => example with { Opinions = Move(example.Opinions) })] };
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
