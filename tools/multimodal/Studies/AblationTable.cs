using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Tool.Studies;

/// <summary>Contribution of each expert, its most similar expert, and whether it is worth its cost.</summary>
internal static class AblationTable
{
    public static void Write(RecordedSet set, IReadOnlyList<ExpertAblation> ablations, Redundancy redundancy)
    {
        Terminal.Line(
            $"[bold]Worth[/]: the ensemble without each expert, nothing retrained; most similar: the expert with the most correlated errors");
        var table = new Table().Border(TableBorder.Simple).AddColumn("expert").AddColumns(
            Terminal.Figures("calls %", "points lost without it", "+-", "NLL gained")).AddColumns("most similar", "");
        foreach (var (e, ablation) in ablations.Index())
        {
            var (twin, correlation) = MostLike(set, redundancy, e);
            table.AddRow(
                ablation.Expert, Number(100 * ablation.CallShare, "0.0"), Number(ablation.PointsLost, "0.0"), Number(ablation.StandardError, "0.0"), Number(ablation.NllGained, "0.000"),
                twin is null ? "" : $"{twin} ({Number(correlation, "0.00")})",
                ablation.IsSignificant ? "" : "[yellow]not worth its cost[/]");
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
