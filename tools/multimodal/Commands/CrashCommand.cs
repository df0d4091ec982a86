using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Multimodal.Tool.Services;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal crash</c>: posts requests to a service it starts, kills it with SIGKILL on the way, and counts what got lost.</summary>
internal static class CrashCommand
{
    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests to post.", DefaultValueFactory = _ => 500 };
        var kills = new Option<int>("--kills") { Description = "SIGKILLs on the way.", DefaultValueFactory = _ => 5 };
        var cases = new Option<DirectoryInfo>("--cases")
        {
            Description = "Folder with cases.json and its media; what is posted.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits", "samples")),
        };
        var service = new Option<string>("--service")
        {
            Description = "The built all-in-one service to start.",
            DefaultValueFactory = _ => ServiceProcess.DefaultDll(),
        };
        var command = new Command("crash", "Post requests, kill the service on the way, and count what got lost or answered twice.")
        {
            requests, kills, cases, service,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(requests), parse.GetRequiredValue(kills), parse.GetRequiredValue(cases), parse.GetRequiredValue(service), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int requests, int kills, DirectoryInfo cases, string dll, CancellationToken cancellationToken)
    {
        var samples = await ReadAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-crash-");
        try
        {
            await using var service = new ServiceProcess(dll, data.FullName, TimeProvider.System);
            await service.StartAsync(cancellationToken);
            var load = new CrashLoad(service, samples, TimeProvider.System);
            var start = TimeProvider.System.GetTimestamp();
            var posting = load.PostAllAsync(requests, cancellationToken);
            var killed = await KillAsync(service, load, posting, requests, kills, cancellationToken);
            await posting;
            var (lost, duplicated) = await load.CheckAllAsync(requests, cancellationToken);
            var left = CountFiles(Path.Combine(data.FullName, "blobs"));
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            return Report(requests, kills, killed, load, lost, duplicated, left, seconds);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Kills at even shares of the accepted requests, so the clients are always in the middle of something.</summary>
    private static async Task<int> KillAsync(
        ServiceProcess service, CrashLoad load, Task posting, int requests, int kills, CancellationToken cancellationToken)
    {
        var killed = 0;
        while (killed < kills && !posting.IsCompleted)
        {
            if (load.Accepted < requests * (killed + 1) / (kills + 1))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
                continue;
            }

            await service.KillAsync(cancellationToken);
            killed++;
            Terminal.Line($"SIGKILL {killed} of {kills} after {load.Accepted} of {requests} accepted requests");
            await service.StartAsync(cancellationToken);
        }

        return killed;
    }

    private static int Report(int requests, int kills, int killed, CrashLoad load, int lost, int duplicated, int left, double seconds)
    {
        (string Figure, int Wanted, int Measured)[] figures =
        [
            ("requests accepted", requests, load.Accepted),
            ("SIGKILLs", kills, killed),
            ("requests lost", 0, lost),
            ("requests duplicated", 0, duplicated),
            ("payloads left behind", 0, left),
        ];
        var table = new Table().Border(TableBorder.Ascii).AddColumns("figure", "wanted", "measured");
        foreach (var (figure, wanted, measured) in figures)
        {
            table.AddRow(figure, wanted.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        Terminal.Line($"{load.Retries} posts were repeated by the clients; {seconds:0.0} s in all.");
        var missed = figures.Where(figure => figure.Wanted != figure.Measured).Select(figure => figure.Figure).ToArray();
        if (missed.Length > 0)
        {
            Terminal.Line($"[red]Falls short:[/] {string.Join(", ", missed)}");
        }

        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lost {lost}, duplicated {duplicated} of {requests}"));
        return missed.Length == 0 ? 0 : 1;
    }

    /// <summary>The bundled cases that are accepted.</summary>
    private static async Task<IReadOnlyList<CrashLoad.Sample>> ReadAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        var cases = JsonSerializer.Deserialize<DemoCase[]>(
            await File.ReadAllTextAsync(Path.Combine(folder.FullName, "cases.json"), cancellationToken), JsonSerializerOptions.Web)!;
        var samples = new List<CrashLoad.Sample>();
        foreach (var one in cases.Where(one => one.Expect.Code is null))
        {
            samples.Add(new CrashLoad.Sample(
                one.Text, await BytesAsync(folder, one.Image, cancellationToken), await BytesAsync(folder, one.Audio, cancellationToken)));
        }

        return samples;
    }

    private static async Task<byte[]?> BytesAsync(DirectoryInfo folder, string? file, CancellationToken cancellationToken) =>
        file is null ? null : await File.ReadAllBytesAsync(Path.Combine(folder.FullName, file), cancellationToken);

    private static int CountFiles(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length : 0;
}
