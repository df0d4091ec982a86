using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Chaos;
using Multimodal.Bench.Services;
using Multimodal.Bench.Upgrade;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench upgrade</c>: replaces the processes of the previous version by this one, type by type, and back, under load.</summary>
internal static class UpgradeCommand
{
    /// <summary>
    /// Until a combiner knows that a gateway of the previous version has started, that gateway may get an answer that it cannot read. The watchdog then
    /// sends the request again. A message that a version never reads exceeds this.
    /// </summary>
    private const double MaxUnreadablePerThousand = 5;

    public static Command Create()
    {
        var previous = new Option<DirectoryInfo>("--previous") { Description = "A checkout of the previous version with its services built.", Required = true };
        var rate = new Option<double>("--rate") { Description = "Requests per second.", DefaultValueFactory = _ => 15 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds under load after each type of process.", DefaultValueFactory = _ => 10 };
        var isShort = new Option<bool>("--short") { Description = "Go only one way, experts first, and back." };
        var cases = CasesOption.Create();
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Folder for data and logs; deleted first.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "upgrade")),
        };
        var command = new Command("upgrade", "Replace one type of process after another by another version and back, under load; exits 1 if a request is lost, stuck or duplicated.")
        {
            previous, rate, seconds, isShort, cases, folder,
        };
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
                Path.Combine(parse.GetRequiredValue(previous).FullName, "artifacts", "bin"),
                parse.GetRequiredValue(rate),
                TimeSpan.FromSeconds(parse.GetRequiredValue(seconds)),
                parse.GetValue(isShort),
                parse.GetRequiredValue(cases),
                parse.GetRequiredValue(folder)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Folder.Exists)
        {
            arguments.Folder.Delete(recursive: true);
        }

        var time = TimeProvider.System;
        LoadSample[] samples = [.. await LoadSample.ReadAllAsync(arguments.Cases, cancellationToken), SilentSound.WithText, SilentSound.Alone];
        await using var stack = new Stack(arguments.Folder.FullName, new StackPlan(2, 2, 2) { Binaries = arguments.Previous }, time);
        await using var client = new ClientQueue(stack.Broker.Clients);
        var load = new ChaosLoad([.. stack.Gateways.Select(gateway => gateway.Http)], samples, time);
        var run = new UpgradeRun(stack, load, arguments.Previous, arguments.Hold, time)
        {
            OnPhase = name => Terminal.Line($"{load.Accepted,6} accepted: {name}"),
        };
        Terminal.Line($"starting {stack.Services.Count} services of the previous version, RabbitMQ and PostgreSQL");
        await stack.StartAsync(cancellationToken);
        await client.DeclareAsync(cancellationToken);
        var (failure, outcome) = await RunAsync(run, load, arguments, cancellationToken);
        await client.ReadAsync(CancellationToken.None);
        var letters = await DeadLetters.TakeAsync(stack.Broker.Clients, CancellationToken.None);

        var report = new UpgradeReport(run.Phases, load, samples.Length);
        report.Print();
        PrintDetails(run, load, letters, failure);
        var isGood = Targets.Check(ListTargets(run, load, client, outcome, failure).Append(Target.AtMost(
            "messages that a process could not read, of 1,000 requests",
            1000.0 * letters.Where(letter => letter.Key.Reason == DeadLetters.Rejected).Sum(letter => letter.Value) / Math.Max(1, load.Accepted),
            MaxUnreadablePerThousand)));
        AnsiConsole.WriteLine(outcome is null ? "The results were not checked." : string.Create(
            CultureInfo.InvariantCulture,
            $"lost {outcome.Lost}, stuck {outcome.Stuck}, duplicated {outcome.Duplicated + client.Unmatched} of {load.Posted}; {report.FailedWithContent} with content and without a label; partial {outcome.Partial}; p50 latency {outcome.P50:0.00} s; p99 latency {outcome.P99:0.00} s"));
        return isGood ? 0 : 1;
    }

    /// <returns>Why a step failed, or null; and the outcome, or null if the run was interrupted.</returns>
    private static async Task<(string? Failure, ChaosOutcome? Outcome)> RunAsync(UpgradeRun run, ChaosLoad load, Arguments arguments, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource();
        var posting = load.PostUntilAsync(end.Task, arguments.Rate, cancellationToken);
        string? failure = null;
        try
        {
            await run.RunAsync(arguments.IsShort, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            failure = cancellationToken.IsCancellationRequested ? "The run was interrupted." : exception.Message;
        }

        end.SetResult();
        if (cancellationToken.IsCancellationRequested)
        {
            await posting.ContinueWith(_ => { }, TaskScheduler.Default);
            return (failure, null);
        }

        await posting;
        return (failure, await load.CheckAllAsync(cancellationToken));
    }

    private static IEnumerable<Target> ListTargets(UpgradeRun run, ChaosLoad load, ClientQueue client, ChaosOutcome? outcome, string? failure) =>
    [
        Target.AtMost("steps that failed", failure is null ? 0 : 1, 0),
        Target.AtMost("processes that did not stop on SIGTERM within a minute", run.Killed, 0),
        Target.AtLeast("requests accepted", load.Accepted, load.Posted),
        Target.AtMost("requests rejected with an error", load.Rejections.Values.Sum(), 0),
        .. outcome is null ? [] : new[]
        {
            Target.AtMost("requests lost", outcome.Lost, 0),
            Target.AtMost("requests stuck", outcome.Stuck, 0),
            Target.AtMost("requests duplicated", outcome.Duplicated, 0),
        },
        Target.AtMost("answers missing in the client's queue", client.Missing(load.Ids), 0),
        Target.AtMost("messages without a matching id in the client's queue", client.Unmatched, 0),
    ];

    private static void PrintDetails(UpgradeRun run, ChaosLoad load, IReadOnlyDictionary<(string Queue, string Reason), int> letters, string? failure)
    {
        Terminal.Line($"{run.Replaced} processes replaced; {load.Retries} posts retried by the clients");
        foreach (var ((queue, reason), count) in letters)
        {
            Terminal.Line($"{count} dead letters from {queue}: {reason}");
        }

        foreach (var (rejection, count) in load.Rejections)
        {
            Terminal.Line($"[red]{count} rejected: {rejection}[/]");
        }

        if (failure is not null)
        {
            Terminal.Line($"[red]failed: {failure}[/]");
        }
    }

    private sealed record Arguments(string Previous, double Rate, TimeSpan Hold, bool IsShort, DirectoryInfo Cases, DirectoryInfo Folder);
}
