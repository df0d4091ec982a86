using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Crash;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Multimodal.Tool.Services;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench crash</c>: posts requests to a service that it starts, kills the service repeatedly, and counts lost requests.
/// </summary>
internal static class CrashCommand
{
    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests to post.", DefaultValueFactory = _ => 500 };
        var kills = new Option<int>("--kills") { Description = "Number of SIGKILLs.", DefaultValueFactory = _ => 5 };
        var cases = CasesOption.Create();
        var service = new Option<string>("--service")
        {
            Description = "Path of the built all-in-one service.",
            DefaultValueFactory = _ => ServiceProcess.DefaultDll(),
        };
        var command = new Command("crash", "Post requests, kill the service repeatedly, and count lost and duplicated requests.")
        {
            requests, kills, cases, service,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(requests), parse.GetRequiredValue(kills), parse.GetRequiredValue(cases), parse.GetRequiredValue(service), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int requests, int kills, DirectoryInfo cases, string dll, CancellationToken cancellationToken)
    {
        var samples = await LoadSample.ReadAllAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-crash-");
        try
        {
            await using var service = new ServiceProcess(dll, data.FullName, TimeProvider.System) { IsCaching = false };
            var run = new CrashRun(service, samples, data.FullName, TimeProvider.System);
            var outcome = await run.RunAsync(
                requests, kills, (kill, accepted) => Terminal.Line($"SIGKILL {kill} of {kills} after {accepted} of {requests} accepted requests"), cancellationToken);
            return Report(requests, kills, outcome);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static int Report(int requests, int kills, CrashOutcome outcome)
    {
        (string Figure, int Wanted, int Measured)[] figures =
        [
            ("requests accepted", requests, outcome.Accepted),
            ("SIGKILLs", kills, outcome.Killed),
            ("requests lost", 0, outcome.Lost),
            ("requests duplicated", 0, outcome.Duplicated),
            ("payloads left behind", 0, outcome.PayloadsLeft),
        ];
        var table = new Table().Border(TableBorder.Ascii).AddColumns("figure", "target", "measured");
        foreach (var (figure, wanted, measured) in figures)
        {
            table.AddRow(figure, wanted.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        Terminal.Line($"{outcome.Retries} posts retried by the clients; {outcome.Elapsed.TotalSeconds:0.0} s in total.");
        var missed = figures.Where(figure => figure.Wanted != figure.Measured).Select(figure => figure.Figure).ToArray();
        if (missed.Length > 0)
        {
            Terminal.Line($"[red]Missed:[/] {string.Join(", ", missed)}");
        }

        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lost {outcome.Lost}, duplicated {outcome.Duplicated} of {requests}"));
        return missed.Length == 0 ? 0 : 1;
    }
}
