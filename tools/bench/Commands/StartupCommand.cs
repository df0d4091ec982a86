using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;
using Multimodal.Bench.Startup;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench startup</c>: time from the start of the process until the all-in-one service accepts requests.</summary>
internal static class StartupCommand
{
    private const string Assembly = "Multimodal.AllInOne";
    private const double MaxSeconds = 1.2;

    public static Command Create()
    {
        var starts = new Option<int>("--starts") { Description = "Number of starts of each program; the result is the median.", DefaultValueFactory = _ => 7 };
        var published = new Option<DirectoryInfo?>("--published") { Description = "A published folder to measure too." };
        var command = new Command("startup", $"Time until the all-in-one service is ready; exits 1 above {MaxSeconds.ToString(CultureInfo.InvariantCulture)} s.") { starts, published };
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(starts), parse.GetValue(published), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int starts, DirectoryInfo? published, CancellationToken cancellationToken)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        List<(string Name, string Program)> programs = [("built, as in make run", Path.Combine(StackService.OwnBinaries, Assembly, configuration, Assembly + ".dll"))];
        if (published is not null)
        {
            programs.Add(("published", Path.Combine(published.FullName, Assembly + ".dll")));
        }

        List<Target> targets = [];
        var table = new Table().Border(TableBorder.Simple).AddColumns(Terminal.Figures("program", "ready s", "range s", "processor s", "resident MiB"));
        var folder = Directory.CreateTempSubdirectory("multimodal-startup-");
        try
        {
            foreach (var (name, program) in programs)
            {
                List<ServiceStart> all = [];
                for (var start = 0; start <= starts; start++)
                {
                    all.Add(await ServiceStart.MeasureAsync(program, folder.FullName, TimeProvider.System, cancellationToken));
                }

                all.RemoveAt(0); // It also reads the files from the disk.
                var seconds = ClosedLoop.Median(all.Select(start => start.ReadySeconds));
                table.AddRow(
                    name, Number(seconds, "0.00"),
                    $"{Number(all.Min(start => start.ReadySeconds), "0.00")} to {Number(all.Max(start => start.ReadySeconds), "0.00")}",
                    Number(ClosedLoop.Median(all.Select(start => start.CpuSeconds)), "0.00"), Number(ClosedLoop.Median(all.Select(start => start.ResidentMb)), "0"));
                targets.Add(Target.AtMost($"{name}: seconds until ready", seconds, MaxSeconds));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        AnsiConsole.Write(table);
        return Targets.Check(targets) ? 0 : 1;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
