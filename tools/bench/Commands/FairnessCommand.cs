using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Fairness;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench fairness</c>: offers two gateways more than they serve, from polite and rude clients, and checks how long polite clients wait.</summary>
internal static class FairnessCommand
{
    private const string Expert = "text-words";
    private const int DeadlineMs = 3000;
    private const double Overload = 1.6;

    /// <summary>One item per batch, 40 ms each, so that the service answers about 25 requests per second on any machine.</summary>
    private static readonly Dictionary<string, string> Slow = new()
    {
        ["Multimodal:Experts:Serve"] = Expert,
        ["Multimodal:Experts:Concurrency"] = "4",
        [$"Multimodal:Inference:Experts:{Expert}:Batching:MinRunTime"] = "00:00:00.040",
        [$"Multimodal:Inference:Experts:{Expert}:Batching:MaxBatchSize"] = "1",
    };

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Duration of each load, in seconds.", DefaultValueFactory = _ => 60 };
        var clients = new Option<int>("--clients") { Description = "Polite clients.", DefaultValueFactory = _ => 200 };
        var rude = new Option<int>("--rude") { Description = "Clients that retry at once.", DefaultValueFactory = _ => 6 };
        var isShort = new Option<bool>("--short") { Description = "A load of 15 s with 100 clients, without the comparison; for CI." };
        var command = new Command(
            "fairness", "Two gateways, 1.6 times their capacity, polite and rude clients; exits 1 if a polite client waits too long or goodput drops.")
        {
            seconds, clients, rude, isShort,
        };
        command.SetAction((parse, cancel) => parse.GetValue(isShort)
            ? RunAsync(100, parse.GetValue(rude), TimeSpan.FromSeconds(15), false, cancel)
            : RunAsync(parse.GetValue(clients), parse.GetValue(rude), TimeSpan.FromSeconds(parse.GetValue(seconds)), true, cancel));
        return command;
    }

    private static async Task<int> RunAsync(int clients, int rude, TimeSpan duration, bool isCompared, CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("waiting list", "clients", "requests", "not accepted");
        table.AddColumns(Terminal.Figures("attempts p50", "p90", "p99", "max", "wait s p50", "p90", "p99", "max"));
        var without = isCompared ? await MeasureAsync(clients, rude, duration, 0, cancellationToken) : null;
        if (without is not null)
        {
            AddRows(table, "off", without.Figures);
        }

        var with = await MeasureAsync(clients, rude, duration, null, cancellationToken);
        AddRows(table, "on", with.Figures);
        AnsiConsole.Write(table);
        return Targets.Check(ListTargets(clients + rude, with, without)) ? 0 : 1;
    }

    private static IEnumerable<Target> ListTargets(int clients, Measured with, Measured? without)
    {
        var polite = with.Figures.Of(FairnessKind.Polite);
        Terminal.Line(
            $"capacity {with.Capacity:0.0}/s, goodput {with.Figures.Goodput:0.0}/s; a polite request was overtaken by at most {with.Figures.MaxOvertaken()} of {with.Figures.Requests.Count} later ones");
        if (without is not null)
        {
            Terminal.Line(
                $"without the waiting list: capacity {without.Capacity:0.0}/s, goodput {without.Figures.Goodput:0.0}/s; overtaken by at most {without.Figures.MaxOvertaken()} of {without.Figures.Requests.Count}");
        }

        // If clients take turns, each client is served once before a client is served again. A quarter more for no-shows and bursts, and three seconds for the
        // start of the measurement and because Retry-After has whole seconds.
        yield return Target.AtMost("longest wait of a polite client, s", polite.Max(request => request.Wait), (1.25 * clients / with.Figures.AcceptedPerSecond) + 3);
        yield return Target.AtMost("attempts of a polite client, p99", FairnessFigures.Percentile(polite.Select(request => (double)request.Attempts), 0.99), 10);
        yield return Target.AtLeast("goodput, share of the capacity", with.Figures.Goodput / with.Capacity, 0.85);
        if (without is not null)
        {
            yield return Target.AtLeast(
                "goodput per capacity, ratio to that without the waiting list",
                with.Figures.Goodput / with.Capacity / (without.Figures.Goodput / without.Capacity),
                0.95);
        }

        yield return Target.AtMost("replies other than an answer or a refusal with Retry-After", with.Figures.Unexpected, 0);
    }

    private static async Task<Measured> MeasureAsync(int clients, int rude, TimeSpan duration, int? maxWaiting, CancellationToken cancellationToken)
    {
        // The database server's user must be able to read the folder, so it is not a temporary one.
        var data = new DirectoryInfo(Path.Combine("artifacts", "fairness"));
        if (data.Exists)
        {
            data.Delete(recursive: true);
        }

        var settings = new Dictionary<string, string>();
        if (maxWaiting is { } max)
        {
            settings["Multimodal:Gateway:MaxWaiting"] = max.ToString(CultureInfo.InvariantCulture);
        }

        await using var stack = new Stack(data.FullName, new StackPlan(2, 1, 0, Settings: settings), TimeProvider.System);
        await stack.StartAsync(cancellationToken);
        await stack.AddAsync("text-expert-1", "Multimodal.TextExpert", Slow, cancellationToken);
        using var handler = new SocketsHttpHandler();
        HttpClient[] gateways = [.. stack.Gateways.Select(gateway => new HttpClient(handler, disposeHandler: false) { BaseAddress = gateway.Address, Timeout = TimeSpan.FromSeconds(60) })];
        var others = $$""" "experts": ["{{Expert}}"], "strategy": "hard" """;
        var closed = new OpenLoad(gateways, [new LoadSample("seven", null, null)], DeadlineMs, TimeProvider.System, others);
        await closed.RunClosedAsync(16, TimeSpan.FromSeconds(4), cancellationToken);
        var capacity = (await closed.RunClosedAsync(16, TimeSpan.FromSeconds(6), cancellationToken)).Goodput;
        Terminal.Line(
            $"waiting list {(maxWaiting == 0 ? "off" : "on")}: capacity {capacity:0.0} answers/s; {clients} polite clients post {Overload * capacity:0.0}/s, {rude} rude ones retry at once, for {duration.TotalSeconds:0} s ...");
        var options = string.Create(CultureInfo.InvariantCulture, $$"""{"deadlineMs": {{DeadlineMs}}, {{others}}}""");
        var load = new FairnessLoad(gateways, options, DeadlineMs, TimeProvider.System);
        return new Measured(capacity, await load.RunAsync(new FairnessPlan(clients, rude, Overload * capacity, duration), cancellationToken));
    }

    private static void AddRows(Table table, string name, FairnessFigures figures)
    {
        foreach (var kind in Enum.GetValues<FairnessKind>())
        {
            var requests = figures.Of(kind);
            double[] shares = [0.5, 0.9, 0.99, 1];
            table.AddRow(
            [
                name,
                kind switch { FairnessKind.Polite => "polite", FairnessKind.WithoutKey => "polite, no key", _ => "rude" },
                Number(requests.Count, "0"),
                Number(requests.Count(request => !request.IsAccepted), "0"),
                .. shares.Select(share => Number(FairnessFigures.Percentile(requests.Select(request => (double)request.Attempts), share), "0")),
                .. shares.Select(share => Number(FairnessFigures.Percentile(requests.Select(request => request.Wait), share), "0.0")),
            ]);
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Measured(double Capacity, FairnessFigures Figures);
}
