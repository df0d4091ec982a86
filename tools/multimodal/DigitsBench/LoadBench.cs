using System.Globalization;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Tool.Commands;
using Spectre.Console;

namespace Multimodal.Tool.DigitsBench;

/// <summary>Nine of ten requests want the same expert: what the selection bias takes off it, and what that costs.</summary>
internal static class LoadBench
{
    private const double Share = 0.9;
    private const double Wanted = 0.25;
    private const int Requests = 4000;
    private const double Step = 0.1;
    private const int Windows = 40;

    /// <summary>The path of the bias for each kind of request; the first point is without.</summary>
    public static IReadOnlyList<(string Kind, IReadOnlyList<LoadPoint> Points)> Paths(
        RecordedSet set, SelectionPolicy policy, IFusionRule rule, int seed)
    {
        var paths = new (string, IReadOnlyList<LoadPoint>)[set.Experts.Count];
        Parallel.For(0, paths.Length, e =>
        {
            var stream = LoadStudy.Skew(set, policy.Gate, new LoadSkew(e, Share, Requests), new Random(seed + e));
            paths[e] = (set.Experts[e].Name, LoadStudy.Run(stream, policy, rule, Step, Windows));
        });
        return paths;
    }

    /// <summary>The first point at which the busiest expert has at least a quarter less; the last when there is none.</summary>
    public static LoadPoint Levelled(IReadOnlyList<LoadPoint> points) =>
        points.FirstOrDefault(point => point.Busiest <= (1 - Wanted) * points[0].Busiest) ?? points[^1];

    public static IReadOnlyList<WantedFigure> Run(
        RecordedSet set, string busiest, SelectionPolicy policy, IFusionRule rule, int seed)
    {
        Terminal.Line($"[bold]Load[/]: {Requests} requests of which 90 % are of the kind that one expert is asked first for; {policy.Strategy}; the bias moves {Step} a window");
        var table = new Table().Border(TableBorder.Simple).AddColumn("kind")
            .AddColumns(Terminal.Figures("busiest before %", "after %", "less by %", "accuracy before %", "after %", "windows"));
        var figures = new List<WantedFigure>();
        foreach (var (kind, points) in Paths(set, policy, rule, seed))
        {
            var (before, after) = (points[0], Levelled(points));
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
                figures.Add(WantedFigure.AtLeast($"load, 90 % {kind}, busiest expert's share less by %", 100 * less, 100 * Wanted));
                figures.Add(WantedFigure.AtMost($"load, 90 % {kind}, accuracy points lost", 100 * (before.Accuracy - after.Accuracy), 0.5));
            }
        }

        AnsiConsole.Write(table);
        return figures;
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
