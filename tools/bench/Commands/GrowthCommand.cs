using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Scaling;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench growth</c>: cost against the number of experts, labels, ensembles, rows, subscriptions, tenants, streams and clients.</summary>
internal static class GrowthCommand
{
    public static Command Create()
    {
        var only = new Option<string[]>("--only") { Description = $"Dimensions to measure: {string.Join(", ", DimensionTable.ByName.Names)}.", AllowMultipleArgumentsPerToken = true };
        var isShort = new Option<bool>("--short") { Description = "Leave out the largest sizes." };
        var plots = new Option<DirectoryInfo>("--plots") { Description = "Folder for the plots.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "growth")) };
        var command = new Command("growth", "Measure cost against size and plot it; exits 1 naming what grows faster than it must.") { only, isShort, plots };
        command.SetAction((parse, cancel) =>
        {
            var names = parse.GetValue(only) is { Length: > 0 } chosen ? chosen : [.. DimensionTable.All.Select(dimension => dimension.Name)];
            return RunAsync([.. names.Select(name => DimensionTable.ByName[name])], parse.GetValue(isShort), parse.GetRequiredValue(plots), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<IDimension> dimensions, bool isShort, DirectoryInfo plots, CancellationToken cancellationToken)
    {
        List<Target> targets = [];
        foreach (var dimension in dimensions)
        {
            Terminal.Line($"{dimension.Quantity} ...");
            var folder = Directory.CreateTempSubdirectory("multimodal-growth-");
            try
            {
                var curves = await dimension.MeasureAsync(new ScalingRun(folder.FullName, isShort, TimeProvider.System), cancellationToken);
                Print(curves);
                GrowthPlot.Write(Path.Combine(plots.FullName, $"growth-{dimension.Name}.svg"), dimension, curves);
                targets.AddRange(curves.Select(curve => curve.Bound.Check(curve) with { Name = $"{dimension.Name}: {curve.Name}, {curve.Bound.Kind}" }));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        Terminal.Line($"plots: {plots.FullName}");
        return Targets.Check(targets) ? 0 : 1;
    }

    private static void Print(IReadOnlyList<Curve> curves)
    {
        double[] sizes = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Size).Distinct().Order()];
        var table = new Table().Border(TableBorder.Simple).AddColumns(Terminal.Figures(
            ["cost", .. sizes.Select(size => size.ToString("#,##0", CultureInfo.InvariantCulture)), "last / first", "exponent"]));
        table.Columns[0].LeftAligned();
        foreach (var curve in curves)
        {
            table.AddRow([
                Markup.Escape($"{curve.Name}, {curve.Unit}"), .. sizes.Select(size => curve.CostAt(size) is { } cost ? Number(cost) : ""), Number(curve.Ratio), Number(curve.Exponent)]);
        }

        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString(value < 0.1 ? "0.0000" : value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
