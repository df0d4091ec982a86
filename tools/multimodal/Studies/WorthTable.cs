using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Tool.Studies;

/// <summary>What each expert brings, whom it is most like, and whether it is worth its calls.</summary>
internal static class WorthTable
{
    public static void Write(RecordedSet set, IReadOnlyList<ExpertWorth> worths, Redundancy redundancy)
    {
        Terminal.Line($"[bold]Worth[/]: the ensemble without each expert, nothing trained again; most like: the expert whose errors go with its own");
        var table = new Table().Border(TableBorder.Simple).AddColumn("expert").AddColumns(Terminal.Figures("calls %", "points lost without it", "+-", "NLL gained")).AddColumns("most like", "");
        foreach (var (e, worth) in worths.Index())
        {
            var (twin, correlation) = MostLike(set, redundancy, e);
            table.AddRow(
                worth.Expert, Number(100 * worth.CallShare, "0.0"), Number(worth.Points, "0.0"), Number(worth.Error, "0.0"), Number(worth.Nll, "0.000"),
                twin is null ? "" : $"{twin} ({Number(correlation, "0.00")})",
                worth.IsWorthIt ? "" : "[yellow]not worth its cost[/]");
        }

        AnsiConsole.Write(table);
    }

    private static (string? Name, double Correlation) MostLike(RecordedSet set, Redundancy redundancy, int expert)
    {
        (string? Name, double Correlation) best = (null, double.NegativeInfinity);
        foreach (var (other, known) in set.Experts.Index())
        {
            if (other != expert && redundancy.ErrorCorrelation[expert, other] > best.Correlation)
            {
                best = (known.Name, redundancy.ErrorCorrelation[expert, other]);
            }
        }

        return best;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
