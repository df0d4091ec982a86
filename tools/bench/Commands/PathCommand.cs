using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench path</c>: cost of the path through gateway, broker, combiner and experts, compared with a bare RabbitMQ.Client program and with
/// one process.
/// </summary>
internal static class PathCommand
{
    private const int Concurrency = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeProvider Time = TimeProvider.System;

    public static Command Create()
    {
        var experts = new Option<int>("--experts") { Description = "No-op experts asked per request.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Number of rounds; the result is their median.",
            DefaultValueFactory = _ => 5,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Duration of each measurement, in seconds.",
            DefaultValueFactory = _ => 4,
        };
        var images = new Option<int>("--images") { Description = "Large images posted to each deployment.", DefaultValueFactory = _ => 20 };
        var command = new Command(
            "path", "Cost of the distributed path against a bare RabbitMQ.Client program and one process; exits 1 above the bounds.")
        {
            experts, rounds, seconds, images,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(experts), parse.GetRequiredValue(rounds), TimeSpan.FromSeconds(parse.GetRequiredValue(seconds)), parse.GetRequiredValue(images), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int experts, int rounds, TimeSpan each, int images, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-path-");
        try
        {
            var models = Path.Combine(data.FullName, "models");
            NoOpEnsemble.Write(models, experts);
            Directory.CreateSymbolicLink(Path.Combine(models, "digits"), Path.GetFullPath(Path.Combine("models", "digits")));
            List<Target> targets = [];
            await using (var stack = await StartAsync(Path.Combine(data.FullName, "plain"), models, new Dictionary<string, string>(), cancellationToken))
            {
                targets.AddRange(await CompareAsync(stack, data.FullName, experts, (rounds, each), cancellationToken));
                if (images > 0)
                {
                    targets.Add(
                        await ImageComparison.RunAsync(stack, Path.Combine(data.FullName, "one"), models, images, cancellationToken));
                }
            }

            await ShowStagesAsync(Path.Combine(data.FullName, "traced"), models, each, cancellationToken);
            return Targets.Check(targets) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<Stack> StartAsync(string folder, string models, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(more)
        {
            ["Multimodal:ModelsFolder"] = models,

            // Admission control must not limit the measurement.
            ["Multimodal:Gateway:MinInFlight"] = "256",
        };
        var stack = new Stack(folder, new StackPlan(1, 1, 0, Settings: settings), Time);
        try
        {
            await StartServicesAsync(stack, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    private static async Task StartServicesAsync(Stack stack, CancellationToken cancellationToken)
    {
        await stack.StartAsync(cancellationToken);

        // A no-op expert gains nothing from batching, so the batch delay would only add latency.
        var noDelay = new Dictionary<string, string> { ["Multimodal:Inference:Batching:MaxDelay"] = "00:00:00" };
        await stack.AddAsync("text-expert-1", "Multimodal.TextExpert", noDelay, cancellationToken);
    }

    private static async Task<Target[]> CompareAsync(
        Stack stack, string folder, int experts, (int Count, TimeSpan Each) rounds, CancellationToken cancellationToken)
    {
        var each = rounds.Each;
        var client = new NoOpClient(stack.Gateways.First().Http, Time);
        var (program, bareClient) = await BareProgram.StartAsync(folder, stack.Broker.Port, experts, cancellationToken);
        await using var bareProgram = program;
        Func<Task> ours = () => client.AskAsync(cancellationToken);
        Func<Task> bare = () => bareClient.AskAsync(cancellationToken);
        Terminal.Line(
            $"{experts} no-op experts: {2 + 2 * experts} messages per request, of which {2 + experts} durable and confirmed; {rounds.Count} rounds of {each.TotalSeconds} s each");
        foreach (var (clients, ask) in new[] { (1, bare), (1, ours), (Concurrency, bare), (Concurrency, ours) })
        {
            await ClosedLoop.RunAsync(clients, WarmUp, ask, Time);
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures("round", "bare p50 ms, 1", "ours", "ratio", $"bare / s, {Concurrency}", "ours", "ratio"));
        List<(double BareP50, double OursP50, double BareRate, double OursRate)> got = [];
        List<(string Name, double Ms)> bareCpu = [];
        List<(string Name, double Ms)> oursCpu = [];
        for (var round = 1; round <= rounds.Count; round++)
        {
            var (bareSingle, oursSingle) = await ClosedLoop.AlternateAsync(each * 2, bare, ours, Time);
            var bareConcurrent = await MeasureCpuAsync(bare, bareCpu, each, BareProcesses(stack, program));
            var oursConcurrent = await MeasureCpuAsync(ours, oursCpu, each, OurProcesses(stack));
            got.Add((bareSingle.P50, oursSingle.P50, bareConcurrent.PerSecond, oursConcurrent.PerSecond));
            table.AddRow(Cells(
                round, bareSingle.P50, oursSingle.P50, oursSingle.P50 / bareSingle.P50, bareConcurrent.PerSecond, oursConcurrent.PerSecond, oursConcurrent.PerSecond / bareConcurrent.PerSecond));
        }

        AnsiConsole.Write(table);
        ShowCpu(bareCpu, oursCpu);
        return
        [
            Target.AtMost(
                "p50 at concurrency 1, ratio to the bare program (median of the rounds)",
                ClosedLoop.Median(got.Select(one => one.OursP50 / one.BareP50)), 2.5),
            Target.AtLeast(
                $"requests / s at concurrency {Concurrency}, ratio to the bare program (median of the rounds)",
                ClosedLoop.Median(got.Select(one => one.OursRate / one.BareRate)), 0.3),
        ];
    }

    private static IEnumerable<(string Name, int Process)> BareProcesses(Stack stack, BareProgram program) =>
        [("broker", stack.Broker.ProcessId), ("client, gateway", Environment.ProcessId), ("combiner", program.Processes[0].Id), ("experts", program.Processes[1].Id)];

    private static IEnumerable<(string Name, int Process)> OurProcesses(Stack stack) =>
    [
        ("broker", stack.Broker.ProcessId), ("client", Environment.ProcessId), ("gateway", stack.Gateways.First().Process!.Id),
        ("combiner", stack.Services.First(service => service.Name == "combiner-1").Process!.Id), ("experts", stack.Added[0].Process!.Id),
    ];

    private static async Task<LoopFigures> MeasureCpuAsync(
        Func<Task> ask, List<(string Name, double Ms)> cpu, TimeSpan each, IEnumerable<(string Name, int Process)> processes)
    {
        var clock = new CpuClock();
        foreach (var (name, process) in processes)
        {
            clock.Watch(name, process);
        }

        var figures = await ClosedLoop.RunAsync(Concurrency, each, ask, Time);
        cpu.AddRange(clock.Read().Select(used => (used.Name, used.Ms / figures.Milliseconds.Count)));
        return figures;
    }

    private static void ShowCpu(List<(string Name, double Ms)> bare, List<(string Name, double Ms)> ours)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures($"processor ms per request, concurrency {Concurrency}", "bare", "ours"));
        foreach (var name in ours.Concat(bare).Select(used => used.Name).Distinct())
        {
            table.AddRow(Markup.Escape(name), Mean(bare, name), Mean(ours, name));
        }

        table.AddRow("all", Number(Sum(bare), "0.00"), Number(Sum(ours), "0.00"));
        AnsiConsole.Write(table);

        static string Mean(List<(string Name, double Ms)> used, string name) =>
            used.Where(one => one.Name == name).Select(one => one.Ms).ToArray() is { Length: > 0 } ms ? Number(ms.Average(), "0.00") : "";

        static double Sum(List<(string Name, double Ms)> used) => used.GroupBy(one => one.Name, (_, all) => all.Average(one => one.Ms)).Sum();
    }

    /// <summary>Measures the same topology with tracing. The comparison excludes this run because tracing itself costs time.</summary>
    private static async Task ShowStagesAsync(string folder, string models, TimeSpan each, CancellationToken cancellationToken)
    {
        await using var collector = await SpanCollector.StartAsync(cancellationToken);
        await using var stack = await StartAsync(folder, models, collector.Settings, cancellationToken);
        var client = new NoOpClient(stack.Gateways.First().Http, Time);
        await ClosedLoop.RunAsync(8, WarmUp, () => client.AskAsync(cancellationToken), Time);
        var asked = new Dictionary<string, (double Start, double End)>();
        await ClosedLoop.RunAsync(
            1,
            each,
            async () =>
            {
                var (id, start, end) = await client.AskAsync(cancellationToken);
                asked[id] = (start, end);
            },
            Time);

        // The exporter sends batches every five seconds.
        await Task.Delay(TimeSpan.FromSeconds(7), Time, cancellationToken);
        var medians = Stages.Medians(asked, collector.Spans);
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures("stage of a request, concurrency 1, traced", "p50 ms"));
        foreach (var (stage, ms) in medians)
        {
            table.AddRow(Markup.Escape(stage), Number(ms, "0.00"));
        }

        table.AddRow("total (p50)", Number(ClosedLoop.Median(asked.Values.Select(one => one.End - one.Start)), "0.00"));
        AnsiConsole.Write(table);
    }

    private static string[] Cells(int round, params double[] values) => [Number(round, "0"), .. values.Select(value => Number(value, "0.00"))];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
