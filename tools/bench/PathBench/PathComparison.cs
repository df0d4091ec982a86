using System.Globalization;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.PathBench;

/// <summary>Measures the services and the bare program in turn, on one broker.</summary>
/// <param name="stack">The services.</param>
/// <param name="type">Type of the durable queues of both.</param>
/// <param name="experts">Number of no-op experts.</param>
/// <param name="each">Duration of each measurement.</param>
internal sealed class PathComparison(Stack stack, string type, int experts, TimeSpan each)
{
    private const int Concurrency = 64;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Runs the rounds and prints them.</summary>
    public async Task<IReadOnlyList<Target>> RunAsync(string folder, int rounds, CancellationToken cancellationToken)
    {
        var client = new NoOpClient(stack.Gateways.First().Http, Time);
        var (program, bareClient) = await BareProgram.StartAsync(folder, stack.Broker.Port, experts, type, cancellationToken);
        await using var bareProgram = program;
        Func<Task> ours = () => client.AskAsync(cancellationToken);
        Func<Task> bare = () => bareClient.AskAsync(cancellationToken);
        Terminal.Line($"{type} queues, {experts} no-op experts; the bare program sends {2 + 2 * experts} messages per request; {rounds} rounds of {each.TotalSeconds} s each");
        foreach (var (clients, ask) in new[] { (1, bare), (1, ours), (Concurrency, bare), (Concurrency, ours) })
        {
            await ClosedLoop.RunAsync(clients, WarmUp, ask, Time);
        }

        List<PathRound> got = [];
        for (var round = 1; round <= rounds; round++)
        {
            var (bareSingle, oursSingle) = await ClosedLoop.AlternateAsync(each * 2, bare, ours, Time);
            got.Add(new PathRound(bareSingle, oursSingle, await MeasureAsync(bare, BareClock(program)), await MeasureAsync(ours, OurClock())));
        }

        Show(got);
        return
        [
            Target.AtMost($"{type}: p50 at concurrency 1, ratio to the bare program", ClosedLoop.Median(got.Select(round => round.Latency)), 1.25),
            Target.AtLeast(
                $"{type}: requests / s at concurrency {Concurrency}, ratio to the bare program", ClosedLoop.Median(got.Select(round => round.Throughput)), 0.75),
            Target.AtMost($"{type}: processor time per request, ratio to the bare program", ClosedLoop.Median(got.Select(round => round.Processor)), 1.5),
        ];
    }

    private CpuClock BareClock(BareProgram program)
    {
        var clock = new CpuClock();
        clock.Watch("broker", stack.Broker.ProcessId);
        clock.Watch("client", Environment.ProcessId);
        clock.Watch("combiner", program.Processes[0].Id);
        clock.Watch("experts", program.Processes[1].Id);
        return clock;
    }

    private CpuClock OurClock()
    {
        var clock = new CpuClock();
        clock.Watch("broker", stack.Broker.ProcessId);
        clock.Watch("client", Environment.ProcessId);
        clock.Watch("gateway", stack.Gateways.First().Process!.Id);
        clock.WatchTree("database", stack.Database!.ProcessId);
        clock.Watch("combiner", stack.Services.First(service => service.Name == "combiner-1").Process!.Id);
        clock.Watch("experts", stack.Added[0].Process!.Id);
        return clock;
    }

    private async Task<CpuFigures> MeasureAsync(Func<Task> ask, CpuClock clock)
    {
        var figures = await ClosedLoop.RunAsync(Concurrency, each, ask, Time);
        return new CpuFigures(figures.PerSecond, clock.Read().ToDictionary(used => used.Name, used => used.Ms / figures.Milliseconds.Count));
    }

    private void Show(List<PathRound> got)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures($"{type}, round", "bare p50 ms, 1", "ours", "ratio", $"bare / s, {Concurrency}", "ours", "ratio"));
        foreach (var (index, round) in got.Index())
        {
            table.AddRow(Text(index + 1, "0"), Text(round.BareSingle.P50), Text(round.OursSingle.P50), Text(round.Latency), Text(round.Bare.PerSecond, "0"), Text(round.Ours.PerSecond, "0"), Text(round.Throughput));
        }

        AnsiConsole.Write(table);
        var processor = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures($"{type}, processor ms per request, concurrency {Concurrency}", "bare", "ours"));
        foreach (var name in got[0].Ours.Processor.Keys)
        {
            processor.AddRow(name, Mean(got.Select(round => round.Bare), name), Mean(got.Select(round => round.Ours), name));
        }

        processor.AddRow("all", Text(got.Average(round => round.Bare.Total)), Text(got.Average(round => round.Ours.Total)));
        AnsiConsole.Write(processor);
    }

    private static string Mean(IEnumerable<CpuFigures> figures, string name) =>
        figures.Select(one => one.Processor.GetValueOrDefault(name, double.NaN)).Average() is var mean && double.IsNaN(mean) ? "" : Text(mean);

    private static string Text(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
