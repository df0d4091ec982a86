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
        var cases = CasesOption.Create();
        var command = new Command(
            "overload", "Offer 0.5, 1, 2 and 4 times the capacity; exits 1 if goodput, deadlines or refusals miss their targets.")
        {
            seconds, distributed, cases,
        };
        command.SetAction((parse, cancel) => RunAsync(
            TimeSpan.FromSeconds(parse.GetValue(seconds)), parse.GetValue(distributed), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan each, bool distributed, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var samples = await LoadSample.ReadAllAsync(cases, cancellationToken);
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

    private static async Task<int> MeasureAsync(HttpClient http, IReadOnlyList<LoadSample> samples, TimeSpan each, CancellationToken cancellationToken)
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
        return Targets.Check(LoadTargets(figures)) ? 0 : 1;
    }

    private static IEnumerable<Target> LoadTargets(List<LoadFigures> figures)
    {
        var peak = figures.Max(figure => figure.Goodput);
        yield return Target.AtLeast("goodput at twice the load, share of the peak", figures[2].Goodput / peak, 0.9);
        yield return Target.AtLeast("goodput at four times the load, share of the peak", figures[3].Goodput / peak, 0.9);
        yield return Target.AtLeast(
            "accepted requests answered by their deadline, lowest share", figures.Min(figure => figure.InTime), 0.99);
        yield return Target.AtMost("99th percentile of a refusal, ms", figures.Max(figure => figure.RefusedP99Ms), 50);
        yield return Target.AtMost("refusals without Retry-After, and other failures", figures.Sum(figure => figure.Unexpected), 0);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
