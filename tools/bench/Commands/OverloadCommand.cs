using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Multimodal.Tool.Services;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench overload</c>: measures the capacity of a service, offers it up to four times as much, and checks its goodput.
/// </summary>
internal static class OverloadCommand
{
    private const int DeadlineMs = 3000;
    private static readonly double[] Factors = [0.5, 1, 2, 4];

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Duration of each load, in seconds.", DefaultValueFactory = _ => 20 };
        var distributed = new Option<bool>("--distributed") { Description = "The five services over RabbitMQ instead of the all-in-one service." };
        var previous = new Option<DirectoryInfo?>("--previous") { Description = "A checkout of an earlier version with its all-in-one service built, whose capacity is compared." };
        var cases = CasesOption.Create();
        var command = new Command(
            "overload", "Offer 0.5, 1, 2 and 4 times the capacity; exits 1 if goodput, deadlines or refusals miss their targets.")
        {
            seconds, distributed, previous, cases,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var samples = await LoadSample.ReadAllAsync(parse.GetRequiredValue(cases), cancel);
            var each = TimeSpan.FromSeconds(parse.GetValue(seconds));
            var targets = await RunAsync(samples, each, parse.GetValue(distributed), cancel);
            return Exit(parse.GetValue(previous) is { } folder ? [.. targets, await ComparedAsync(folder, samples, each, cancel)] : targets);
        });
        return command;
    }

    private static int Exit(IReadOnlyList<Target> targets) => Targets.Check(targets) ? 0 : 1;

    private static async Task<IReadOnlyList<Target>> RunAsync(IReadOnlyList<LoadSample> samples, TimeSpan each, bool distributed, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-overload-");
        try
        {
            if (distributed)
            {
                await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1), TimeProvider.System);
                await stack.StartAsync(cancellationToken);
                using var http = new HttpClient { BaseAddress = stack.Gateways.First().Address, Timeout = TimeSpan.FromSeconds(60) };
                return await MeasureAsync(http, samples, each, cancellationToken);
            }

            await using var service = new ServiceProcess(ServiceProcess.DefaultDll(), data.FullName, TimeProvider.System) { IsCaching = false };
            await service.StartAsync(cancellationToken);
            return await MeasureAsync(service.Http, samples, each, cancellationToken);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Compares the capacity with that of an earlier version. Both are measured twice, in turn.</summary>
    private static async Task<Target> ComparedAsync(DirectoryInfo previous, IReadOnlyList<LoadSample> samples, TimeSpan each, CancellationToken cancellationToken)
    {
        var earlier = Path.Combine(previous.FullName, "artifacts", "bin", "Multimodal.AllInOne", "release", "Multimodal.AllInOne.dll");
        double now = 0, before = 0;
        for (var round = 1; round <= 2; round++)
        {
            now += await CapacityAsync(ServiceProcess.DefaultDll(), isCurrent: true, samples, each, cancellationToken);
            before += await CapacityAsync(earlier, isCurrent: false, samples, each, cancellationToken);
            Terminal.Line($"round {round}: {now / round:0.0} answers/s, the earlier version {before / round:0.0}");
        }

        return Target.AtLeast("capacity, times that of the earlier version", now / before, 5);
    }

    /// <param name="dll">The service.</param>
    /// <param name="isCurrent">False for an earlier version, which has no cache and does not know its setting.</param>
    /// <param name="samples">The requests.</param>
    /// <param name="each">Duration.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    private static async Task<double> CapacityAsync(string dll, bool isCurrent, IReadOnlyList<LoadSample> samples, TimeSpan each, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-overload-");
        try
        {
            await using var service = new ServiceProcess(dll, data.FullName, TimeProvider.System) { IsCaching = !isCurrent };
            await service.StartAsync(cancellationToken);
            var load = new OpenLoad([service.Http], samples, DeadlineMs, TimeProvider.System);
            await load.RunClosedAsync(16, TimeSpan.FromSeconds(10), cancellationToken);
            return (await load.RunClosedAsync(16, each, cancellationToken)).Goodput;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Target>> MeasureAsync(
        HttpClient http, IReadOnlyList<LoadSample> samples, TimeSpan each, CancellationToken cancellationToken)
    {
        var load = new OpenLoad([http], samples, DeadlineMs, TimeProvider.System);
        await load.RunClosedAsync(16, TimeSpan.FromSeconds(10), cancellationToken);
        var capacity = (await load.RunClosedAsync(16, each, cancellationToken)).Goodput;
        Terminal.Line($"capacity with 16 waiting clients: {capacity:0.0} answers/s; deadline {DeadlineMs} ms");

        var table = new Table().Border(TableBorder.Simple)
            .AddColumns(
                "offered / s", "goodput / s", "accepted", "refused", "in time %", "answer p50 ms", "p99 ms", "refusal p99 ms",
                "unexpected");
        var figures = new List<LoadFigures>();
        foreach (var factor in Factors)
        {
            Terminal.Line($"offering {factor:0.0} times the capacity for {each.TotalSeconds:0} s ...");
            var got = await load.RunOpenAsync(factor * capacity, each, cancellationToken);
            figures.Add(got);
            table.AddRow(
                Number(got.Offered, "0.0"), Number(got.Goodput, "0.0"), Number(got.Accepted, "0"), Number(got.Refused, "0"), Number(got.InTime * 100, "0.0"),
                Number(got.AnswerMs(0.5), "0"), Number(got.AnswerMs(0.99), "0"), Number(got.RefusedP99Ms, "0.0"), Number(got.Unexpected, "0"));
        }

        AnsiConsole.Write(table);
        return [.. LoadTargets(capacity, figures)];
    }

    private static IEnumerable<Target> LoadTargets(double capacity, List<LoadFigures> figures)
    {
        foreach (var (factor, figure) in Factors.Zip(figures).Where(load => load.First >= 1))
        {
            yield return Target.AtLeast(string.Create(CultureInfo.InvariantCulture, $"goodput at {factor} times the capacity, share of it"), figure.Goodput / capacity, 0.95);
        }

        yield return Target.AtLeast(
            "accepted requests answered by their deadline, lowest share", figures.Min(figure => figure.InTime), 0.99);
        yield return Target.AtMost("99th percentile of a refusal, ms", figures.Max(figure => figure.RefusedP99Ms), 20);
        yield return Target.AtMost("refusals without Retry-After, and other failures", figures.Sum(figure => figure.Unexpected), 0);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
