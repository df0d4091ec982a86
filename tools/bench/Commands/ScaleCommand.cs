using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench scale</c>: makes one expert slow and measures throughput with 1, 2 and 4 processes of it.</summary>
internal static class ScaleCommand
{
    private const string Expert = "text-words";
    private const int DeadlineMs = 10_000;
    private const int Clients = 64;

    /// <summary>One item per batch, at least 20 ms each, and only as many messages in flight as keep the worker busy.</summary>
    private static readonly Dictionary<string, string> Slow = new()
    {
        ["Multimodal:Experts:Serve"] = Expert,
        ["Multimodal:Experts:Concurrency"] = "4",
        [$"Multimodal:Inference:Experts:{Expert}:Batching:MinRunTime"] = "00:00:00.020",
        [$"Multimodal:Inference:Experts:{Expert}:Batching:MaxBatchSize"] = "1",
    };

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds")
        {
            Description = "Duration of the load for each number of processes, in seconds.",
            DefaultValueFactory = _ => 15,
        };
        var command = new Command(
            "scale", "Throughput with 1, 2 and 4 processes of an expert that takes 20 ms per batch; exits 1 if it does not scale.")
        {
            seconds,
        };
        command.SetAction((parse, cancel) => RunAsync(TimeSpan.FromSeconds(parse.GetValue(seconds)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan each, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-scale-");
        try
        {
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 0), TimeProvider.System);
            await stack.StartAsync(cancellationToken);
            using var http = new HttpClient { BaseAddress = stack.Gateways.First().Address, Timeout = TimeSpan.FromSeconds(60) };
            var load = new OpenLoad(
                [http], [new LoadSample("seven", null, null)], DeadlineMs, TimeProvider.System, $$"""  "experts": ["{{Expert}}"], "strategy": "hard" """);

            var table = new Table().Border(TableBorder.Simple).AddColumns("processes", "answers / s", "times one", "p50 ms", "p99 ms");
            var figures = new List<double>();
            var running = 0;
            foreach (var processes in new[] { 1, 2, 4 })
            {
                for (; running < processes; running++)
                {
                    await stack.AddAsync($"text-expert-{running + 1}", "Multimodal.TextExpert", Slow, cancellationToken);
                }

                // An answer shows that the gateway received the new worker's heartbeat; the rest of this load warms up.
                await load.RunClosedAsync(Clients, TimeSpan.FromSeconds(4), cancellationToken);
                var got = await load.RunClosedAsync(Clients, each, cancellationToken);
                figures.Add(got.Goodput);
                table.AddRow(
                    Number(processes, "0"), Number(got.Goodput, "0.0"), Number(got.Goodput / figures[0], "0.00"), Number(got.AnswerMs(0.5), "0"), Number(got.AnswerMs(0.99), "0"));
                Terminal.Line($"{processes} processes: {got.Goodput:0.0} answers/s, {got.Refused} rejected");
            }

            AnsiConsole.Write(table);
            Target[] targets =
            [
                Target.AtLeast("throughput with 2 processes, ratio to one", figures[1] / figures[0], 1.9),
                Target.AtLeast("throughput with 4 processes, ratio to one", figures[2] / figures[0], 3.6),
            ];
            return Targets.Check(targets) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
