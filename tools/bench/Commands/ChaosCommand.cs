using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Chaos;
using Multimodal.Bench.Clients;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench chaos</c>: loads the whole topology while its processes are killed, frozen and disconnected in turn. Two system clocks are wrong, and
/// other clients upload slowly.
/// </summary>
internal static class ChaosCommand
{
    private const int SlowClientCount = 64;
    private const int SlowBytesPerSecond = 300;
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WrongClock = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests to post.", DefaultValueFactory = _ => 3000 };
        var seconds = new Option<int>("--seconds")
        {
            Description = "Time over which they are posted, in seconds.",
            DefaultValueFactory = _ => 90,
        };
        var processes = new Option<int>("--processes")
        {
            Description = "Number of processes of each service.",
            DefaultValueFactory = _ => 2,
        };
        var cases = CasesOption.Create();
        var tls = new Option<bool>("--tls") { Description = "Use TLS for AMQP, HTTP and PostgreSQL, with certificates of this run." };
        var cache = new Option<bool>("--cache") { Description = "Let the gateways use their caches of answers." };
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Folder for data and logs; deleted first.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "chaos")),
        };
        var command = new Command(
            "chaos", "Kill, freeze and disconnect every kind of process under load, with wrong clocks and slow clients; count lost, stuck and duplicated requests.")
        {
            requests, seconds, processes, cases, folder, tls, cache,
        };
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
                parse.GetRequiredValue(requests),
                TimeSpan.FromSeconds(parse.GetRequiredValue(seconds)),
                parse.GetRequiredValue(processes),
                parse.GetRequiredValue(cases),
                parse.GetRequiredValue(folder),
                parse.GetValue(tls))
            {
                IsCaching = parse.GetValue(cache),
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (requests, duration, processes, cases, folder, isEncrypted) = arguments;
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        var time = TimeProvider.System;
        var samples = await LoadSample.ReadAllAsync(cases, cancellationToken);
        var clocks = new FakeClocks(Path.Combine(folder.FullName, "clocks"));
        var plan = new StackPlan(Math.Max(2, processes), processes, processes, Clocks: clocks) { IsEncrypted = isEncrypted, IsCaching = arguments.IsCaching };
        await using var stack = new Stack(folder.FullName, plan, time);
        SetClocks(stack, clocks);
        Terminal.Line($"starting {stack.Services.Count} services, RabbitMQ and PostgreSQL{(isEncrypted ? ", all with TLS" : "")}");
        await using var client = new ClientQueue(stack.Broker.Clients);
        var load = new ChaosLoad([.. stack.Gateways.Select(gateway => gateway.Http)], samples, time);
        var faults = Faults(stack, time).ToArray();
        ChaosRun run;
        await using (var slow = new SlowClients(stack.Gateways.First(), time))
        {
            run = new ChaosRun(stack, client, load, faults, time)
            {
                OnStarted = () => slow.Start(SlowClientCount, SlowBytesPerSecond),
                OnFault = name => Terminal.Line($"{load.Accepted,6} accepted: {name}"),
            };
            await run.RunAsync(requests, duration, cancellationToken);
            Terminal.Line($"uploads of {SlowClientCount} clients with {SlowBytesPerSecond} B/s ended: {slow.Ends.Values.Sum()}");
        }

        var payloads = Directory.Exists(stack.Payloads) ? Directory.GetFiles(stack.Payloads, "*", SearchOption.AllDirectories).Length : 0;
        var isGood = Targets.Check(ListTargets(run, load, client, requests, faults.Length));
        Report(run, load, client, payloads, requests);
        return isGood ? 0 : 1;
    }

    /// <summary>Sets two system clocks wrong, in opposite directions.</summary>
    private static void SetClocks(Stack stack, FakeClocks clocks)
    {
        foreach (var service in stack.Services)
        {
            clocks.Set(service.Name, TimeSpan.Zero);
        }

        clocks.Set("combiner-1", WrongClock);
        clocks.Set("vision-expert-1", -WrongClock);
    }

    private static IEnumerable<Target> ListTargets(ChaosRun run, ChaosLoad load, ClientQueue client, int requests, int faults)
    {
        yield return Target.AtMost("steps of the run that failed", run.Failures.Count, 0);
        yield return Target.AtLeast("requests accepted", load.Accepted, requests);
        yield return Target.AtMost("requests not accepted within 2 minutes, despite retries", load.GivenUp, 0);
        yield return Target.AtMost("requests rejected with an error", load.Rejections.Values.Sum(), 0);
        yield return Target.AtLeast("faults injected", run.Injected, faults);
        if (run.Outcome is { } outcome)
        {
            yield return Target.AtMost("requests lost", outcome.Lost, 0);
            yield return Target.AtMost("requests stuck", outcome.Stuck, 0);
            yield return Target.AtMost("requests duplicated", outcome.Duplicated, 0);
        }

        yield return Target.AtMost("answers missing in the client's queue", client.Missing(load.Ids), 0);
        yield return Target.AtMost("messages without a matching id in the client's queue", client.Unmatched, 0);
    }

    private static void Report(ChaosRun run, ChaosLoad load, ClientQueue client, int payloads, int requests)
    {
        foreach (var failure in run.Failures)
        {
            Terminal.Line($"[red]failed: {failure}[/]");
        }

        foreach (var (rejection, count) in load.Rejections)
        {
            Terminal.Line($"[red]{count} rejected: {rejection}[/]");
        }

        Terminal.Line($"{load.Retries} posts retried by the clients; {client.Repeats} repeats in the client's queue; {payloads} payloads left for cleanup at the next start.");
        AnsiConsole.WriteLine(run.Outcome is { } outcome
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"lost {outcome.Lost}, stuck {outcome.Stuck}, duplicated {outcome.Duplicated + client.Unmatched} of {requests}; partial {outcome.Partial}; failed {outcome.Failed}; p50 latency {outcome.P50:0.00} s; p99 latency {outcome.P99:0.00} s")
            : $"The results of the {load.Accepted} accepted of {requests} requests were not checked.");
    }

    private static IEnumerable<(string Name, Func<CancellationToken, Task> Inject)> Faults(Stack stack, TimeProvider time)
    {
        foreach (var kind in new[] { "gateway", "combiner", "text-expert", "vision-expert", "audio-expert" })
        {
            var victim = stack.Services.First(service => service.Name.StartsWith(kind, StringComparison.Ordinal));
            yield return ($"SIGKILL {victim.Name}", _ => KillAsync(stack, victim));
        }

        var frozen = stack.Services.Last(service => service.Name.StartsWith("combiner", StringComparison.Ordinal));
        yield return ($"SIGSTOP {frozen.Name} for {Freeze.TotalSeconds:0} s", cancel => FreezeAsync(frozen, time, cancel));
        yield return ("SIGKILL and restart of RabbitMQ", cancel => RestartAsync(stack.Broker, cancel));
        yield return ("crash and restart of PostgreSQL", cancel => RestartAsync(stack.Database!, cancel));
    }

    private static async Task KillAsync(Stack stack, StackService victim)
    {
        await victim.KillAsync();
        stack.Restart(victim);
    }

    private static async Task FreezeAsync(StackService service, TimeProvider time, CancellationToken cancellationToken)
    {
        service.Process!.Send(ChildProcess.Signal.Stop);
        await Task.Delay(Freeze, time, cancellationToken);
        service.Process.Send(ChildProcess.Signal.Continue);
    }

    private static async Task RestartAsync(BrokerProcess broker, CancellationToken cancellationToken)
    {
        await broker.KillAsync();
        await broker.StartAsync(cancellationToken);
    }

    private static async Task RestartAsync(PostgresProcess database, CancellationToken cancellationToken)
    {
        await database.CrashAsync();
        await database.StartAsync(cancellationToken);
    }

    private sealed record Arguments(int Requests, TimeSpan Duration, int Processes, DirectoryInfo Cases, DirectoryInfo Folder, bool IsEncrypted)
    {
        public bool IsCaching { get; init; }
    }
}
