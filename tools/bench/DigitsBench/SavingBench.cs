using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>Quality against the number of experts run: fixed k, and waves at several prices.</summary>
internal static class SavingBench
{
    private const double MaxShare = 0.4;
    private const double MaxLoss = 0.3;
    private const int Halvings = 12;

    // Answers on the training recordings are more confident: at the same price, half a point more experts run on held-out recordings.
    private const double TrainingShare = 0.395;
    private static readonly double[] Prices = [0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15];

    /// <param name="training">Selects the price: the lowest at which slightly less than the target share of the experts runs.</param>
    /// <param name="judged">Evaluates that price.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="rule">The fusion rule.</param>
    public static IReadOnlyList<Target> Run(RecordedSet training, RecordedSet judged, IGate gate, IFusionRule rule)
    {
        Terminal.Line($"[bold]Compute saved[/]: quality against the number of experts run");
        var table = new Table().Border(TableBorder.Simple).AddColumn("asked").AddColumns(Terminal.Figures("accuracy %", "NLL", "experts run", "of all %"));
        var all = Row(table, "all", Replay.Of(judged, new SelectionPolicy(gate, "soft"), rule));
        for (var k = 1; k <= judged.Experts.Count; k++)
        {
            Row(table, string.Create(CultureInfo.InvariantCulture, $"top-k-per-modality, k = {k}"), Replay.Of(judged, new SelectionPolicy(gate, "top-k-per-modality") { K = k }, rule));
        }

        foreach (var price in Prices)
        {
            Row(table, string.Create(CultureInfo.InvariantCulture, $"waves, price {price}"), At(judged, price));
        }

        // The share decreases with the price; a price of 1 runs only the first wave.
        var (low, chosen) = (0.0, 1.0);
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + chosen) / 2;
            (low, chosen) = ShareOf(At(training, middle)) <= TrainingShare ? (low, middle) : (middle, chosen);
        }

        var saving = Row(table, string.Create(CultureInfo.InvariantCulture, $"waves, price {chosen:0.0000}"), At(judged, chosen));
        AnsiConsole.Write(table);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"waves at price {chosen:0.0000} (the lowest at which at most {TrainingShare:0.0%} run on the training recordings)");
        var lost = 100 * (all.AccuracyOfAll - saving.AccuracyOfAll);
        Terminal.Line(
            $"{name}: {Number(lost, "0.00")} points below all experts, standard error of the difference {Number(100 * ErrorOfDifference(all, saving), "0.00")}");
        return
        [
            Target.AtMost($"{name}, share of expert calls", ShareOf(saving), MaxShare),
            Target.AtMost($"{name}, accuracy points below all experts", lost, MaxLoss),
        ];

        Replay At(RecordedSet set, double price) => Replay.Of(set, new SelectionPolicy(gate) { Price = price }, rule);
    }

    /// <summary>
    /// Standard error of the difference in accuracy (McNemar 1947), from the requests that only one of the two answers correctly.
    /// </summary>
    private static double ErrorOfDifference(Replay first, Replay second)
    {
        double count = first.Answers.Count;
        var only = Enumerable.Range(0, first.Answers.Count).Sum(n => (first.IsCorrect(n) ? 1 : 0) - (second.IsCorrect(n) ? 1 : 0));
        var apart = Enumerable.Range(0, first.Answers.Count).Count(n => first.IsCorrect(n) != second.IsCorrect(n));
        return Math.Sqrt(apart - only * only / count) / count;
    }

    private static double ShareOf(Replay replay) => replay.ExpertsRun / replay.ExpertsAvailable;

    private static Replay Row(Table table, string name, Replay replay)
    {
        table.AddRow(name, Number(100 * replay.AccuracyOfAll, "0.0"), Number(replay.Answered.Nll, "0.000"), Number(replay.ExpertsRun, "0.00"), Number(100 * ShareOf(replay), "0.0"));
        return replay;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
