using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Tool.Common;
using Multimodal.Tool.Studies;
using Spectre.Console;

namespace Multimodal.Bench.DigitsBench;

/// <summary>Nine of ten requests prefer the same expert: how far the selection bias reduces its load, and at what accuracy cost.</summary>
internal static class LoadBench
{
    public static IReadOnlyList<Target> Run(
        RecordedSet set, string busiest, SelectionPolicy policy, IFusionRule rule, int seed)
    {
        Terminal.Line(
            $"[bold]Load[/]: {SkewedLoad.Requests} requests, 90 % of which rank the same expert first; {policy.Strategy}; the bias changes by {SkewedLoad.Step} per window");
        var table = new Table().Border(TableBorder.Simple).AddColumn("kind")
            .AddColumns(Terminal.Figures("busiest before %", "after %", "reduction %", "accuracy before %", "after %", "windows"));
        var figures = new List<Target>();
        foreach (var (kind, points) in SkewedLoad.Paths(set, policy, rule, seed))
        {
            var (before, after) = (points[0], SkewedLoad.Levelled(points));
            var less = 1 - after.Busiest / before.Busiest;
            table.AddRow(
                kind,
                Percent(before.Busiest),
                Percent(after.Busiest),
                Percent(less),
                Percent(before.Accuracy),
                Percent(after.Accuracy),
                points.Index().First(p => ReferenceEquals(p.Item, after)).Index.ToString(CultureInfo.InvariantCulture));
            if (kind == busiest)
            {
                figures.Add(Target.AtLeast(
                    $"load, 90 % {kind}, reduction of the busiest expert's share, %", 100 * less, 100 * SkewedLoad.TargetReduction));
                figures.Add(Target.AtMost($"load, 90 % {kind}, accuracy points lost", 100 * (before.Accuracy - after.Accuracy), 0.5));
            }
        }

        AnsiConsole.Write(table);
        return figures;
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
