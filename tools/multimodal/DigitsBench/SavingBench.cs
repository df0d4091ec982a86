using System.Globalization;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.Commands;
using Spectre.Console;

namespace Multimodal.Tool.DigitsBench;

/// <summary>Quality against the number of experts run: a fixed k, and waves at every price.</summary>
internal static class SavingBench
{
    private const double WantedShare = 0.4;
    private const double WantedLoss = 0.3;
    private static readonly double[] Prices = [0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15];

    /// <param name="training">Chooses the price that is judged: the least at which at most the wanted share of the experts runs.</param>
    /// <param name="judged">Judges it.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="rule">The fusion rule.</param>
    public static IReadOnlyList<WantedFigure> Run(RecordedSet training, RecordedSet judged, IGate gate, IFusionRule rule)
    {
        Terminal.Line($"[bold]Compute saved[/]: quality against the experts run");
        var table = new Table().Border(TableBorder.Simple).AddColumn("asked").AddColumns(Terminal.Figures("accuracy %", "NLL", "experts run", "of all %"));
        var everybody = Row(table, "everybody", Replay.Of(judged, gate, "soft", null, rule));
        for (var k = 1; k <= judged.Experts.Count; k++)
        {
            Row(table, string.Create(CultureInfo.InvariantCulture, $"top-k-per-modality, k = {k}"), Replay.Of(judged, gate, "top-k-per-modality", k, rule));
        }

        var chosen = Prices.FirstOrDefault(price => ShareOf(Replay.Of(training, gate, "waves", null, rule, new Steering(Price: price))) <= WantedShare, Prices[^1]);
        Replay? saving = null;
        foreach (var price in Prices)
        {
            var replay = Row(table, string.Create(CultureInfo.InvariantCulture, $"waves, price {price}"), Replay.Of(judged, gate, "waves", null, rule, new Steering(Price: price)));
            saving = price == chosen ? replay : saving;
        }

        AnsiConsole.Write(table);
        var name = string.Create(CultureInfo.InvariantCulture, $"waves at the price {chosen} (chosen on the training recordings)");
        return
        [
            WantedFigure.AtMost($"{name}, share of the expert calls", ShareOf(saving!), WantedShare),
            WantedFigure.AtMost($"{name}, accuracy points below everybody", 100 * (everybody.AccuracyOfAll - saving!.AccuracyOfAll), WantedLoss),
        ];
    }

    private static double ShareOf(Replay replay) => replay.ExpertsRun / replay.ExpertsAvailable;

    private static Replay Row(Table table, string name, Replay replay)
    {
        table.AddRow(name, Number(100 * replay.AccuracyOfAll, "0.0"), Number(replay.Answered.Nll, "0.000"), Number(replay.ExpertsRun, "0.00"), Number(100 * ShareOf(replay), "0.0"));
        return replay;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
