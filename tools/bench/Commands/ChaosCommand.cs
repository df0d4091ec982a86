using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Chaos;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench chaos</c>: loads the whole topology while its processes are killed, frozen and disconnected in turn.</summary>
internal static class ChaosCommand
{
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(10);

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
        var cases = new Option<DirectoryInfo>("--cases")
        {
            Description = "Folder with cases.json and its media, the requests to post.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits", "samples")),
        };
        var tls = new Option<bool>("--tls") { Description = "Use TLS for AMQP, HTTP and PostgreSQL, with certificates of this run." };
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Folder for data and logs; deleted first.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "chaos")),
        };
        var command = new Command(
            "chaos", "Kill, freeze and disconnect every kind of process under load; count lost, stuck and duplicated requests.")
        {
            requests, seconds, processes, cases, folder, tls,
        };
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
                parse.GetRequiredValue(requests),
                TimeSpan.FromSeconds(parse.GetRequiredValue(seconds)),
                parse.GetRequiredValue(processes),
                parse.GetRequiredValue(cases),
                parse.GetRequiredValue(folder),
                parse.GetValue(tls)),
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
        await using var stack = new Stack(folder.FullName, new StackPlan(Math.Max(2, processes), processes, processes, IsEncrypted: isEncrypted), time);
        Terminal.Line($"starting {stack.Services.Count} services, RabbitMQ and PostgreSQL{(isEncrypted ? ", all with TLS" : "")}");
        await stack.StartAsync(cancellationToken);
        await using var client = new ClientQueue(stack.Broker.Clients);
        await client.DeclareAsync(cancellationToken);

        var load = new ChaosLoad([.. stack.Gateways.Select(gateway => gateway.Http)], samples, time);
        var faults = Faults(stack, time).ToArray();
        var posting = load.PostAllAsync(requests, duration, cancellationToken);
        var injected = 0;
        foreach (var (name, inject) in faults)
        {
            await Task.Delay(duration / (faults.Length + 2), time, cancellationToken);
            Terminal.Line($"{load.Accepted,6} accepted: {name}");
            await inject(cancellationToken);
            injected++;
        }

        await posting;
        var outcome = await load.CheckAllAsync(cancellationToken);
        await client.ReadAsync(cancellationToken);
        var payloads = Directory.Exists(stack.Payloads) ? Directory.GetFiles(stack.Payloads, "*", SearchOption.AllDirectories).Length : 0;
        var isGood = Targets.Check(
        [
            Target.AtLeast("requests accepted", outcome.Accepted, requests),
            Target.AtLeast("faults injected", injected, faults.Length),
            Target.AtMost("requests lost", outcome.Lost, 0),
            Target.AtMost("requests stuck", outcome.Stuck, 0),
            Target.AtMost("requests duplicated", outcome.Duplicated, 0),
            Target.AtMost("answers missing in the client's queue", client.Missing(load.Ids), 0),
            Target.AtMost("messages without a matching id in the client's queue", client.Unmatched, 0),
        ]);
        Terminal.Line(
            $"{load.Retries} posts retried by the clients; {client.Repeats} repeats in the client's queue; {payloads} payloads left for cleanup at the next start; p50 {outcome.P50:0.00} s; {outcome.Failed} failed.");
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"lost {outcome.Lost}, stuck {outcome.Stuck}, duplicated {outcome.Duplicated + client.Unmatched} of {requests}; partial {outcome.Partial}; p99 latency {outcome.P99:0.00} s"));
        return isGood ? 0 : 1;
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

    private sealed record Arguments(int Requests, TimeSpan Duration, int Processes, DirectoryInfo Cases, DirectoryInfo Folder, bool IsEncrypted);
}
