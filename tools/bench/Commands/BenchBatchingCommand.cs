using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.BatchingBench;
using Multimodal.Bench.PathBench;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench bench-batching</c>: throughput and latency of batches, against a bare program that runs the same model once per item.</summary>
internal static class BenchBatchingCommand
{
    private const int Clients = 16;
    private const int Texts = 64;
    private const int CoresOfTwoSessions = 4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "Duration of each measurement, in seconds.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds") { Description = "Number of rounds; the result is the median.", DefaultValueFactory = _ => 3 };
        var lengths = new Option<int[]>("--lengths")
        {
            Description = "Tokens of a text, at least 3. The targets apply to the first length.",
            DefaultValueFactory = _ => [4, 8, 16],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("bench-batching", "Batches against one run per item; exits 1 above the bounds.") { seconds, rounds, lengths };
        command.SetAction((parse, cancel) => RunAsync(
            TimeSpan.FromSeconds(parse.GetValue(seconds)), parse.GetValue(rounds), parse.GetRequiredValue(lengths), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan each, int rounds, int[] lengths, CancellationToken cancellationToken)
    {
        List<Target> targets = [];
        foreach (var length in lengths)
        {
            Terminal.Line($"texts of {length} tokens ...");
            var table = new Table().Border(TableBorder.Simple).AddColumns(
                Terminal.Figures("program", "clients", "items / s", "p50 ms", "p95 ms", "processor ms", "mean batch", "batch sizes"));
            var found = await MeasureAsync(length, each, rounds, table, cancellationToken);
            AnsiConsole.Write(table);
            targets.AddRange(targets.Count == 0 ? found : []);
        }

        return Targets.Check(targets) ? 0 : 1;
    }

    private static async Task<Target[]> MeasureAsync(int length, TimeSpan each, int rounds, Table table, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("multimodal-batching-");
        try
        {
            var random = new Random(length);
            byte[][] texts = [.. Enumerable.Range(0, Texts).Select(_ => TransformerPackage.Text(length, random))];
            await using var meter = new BatchingMeter(TransformerPackage.Write(folder.FullName, length), texts, TimeProvider.System);
            var (one, two) = (await meter.OpenAsync(runs: 1, cancellationToken), await meter.OpenAsync(runs: 2, cancellationToken));
            (string Name, int Clients, Func<int, TimeSpan, Task<BatchingFigures>> Run)[] programs =
            [
                ("one run per item", Clients, meter.BareAsync),
                ("batches", Clients, (clients, duration) => meter.ExpertAsync(one, clients, duration)),
                ("batches, two at a time", Clients, (clients, duration) => meter.ExpertAsync(two, clients, duration)),
            ];
            var got = programs.Select(_ => new List<BatchingFigures>()).ToArray();
            List<(double Bare, double Expert)> single = [];
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (program, results) in programs.Zip(got))
                {
                    await program.Run(program.Clients, WarmUp);
                    results.Add(await program.Run(program.Clients, each));
                }

                var (bare, expert) = await meter.AlternateAsync(one, each);
                single.Add((bare.P50, expert.P50));
            }

            foreach (var (program, results) in programs.Zip(got))
            {
                Add(table, program.Name, program.Clients, results);
            }

            Terminal.Line(
                $"one client: p50 {ClosedLoop.Median(single.Select(pair => pair.Bare)):0.00} ms with one run per item, {ClosedLoop.Median(single.Select(pair => pair.Expert)):0.00} ms with batches");
            var added = ClosedLoop.Median(single.Select(pair => pair.Expert / pair.Bare));
            return Bounds(got, added, Math.Max(await meter.CompareAsync(one), await meter.CompareAsync(two)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Target[] Bounds(List<BatchingFigures>[] got, double added, double difference)
    {
        var (bare, one, two) = (got[0], got[1], got[2]);
        double Ratio(List<BatchingFigures> first, List<BatchingFigures> second, Func<BatchingFigures, double> figure) =>
            ClosedLoop.Median(first.Zip(second, (a, b) => figure(a) / figure(b)));
        var twice = Ratio(two, bare, figures => figures.Loop.PerSecond);
        if (Environment.ProcessorCount < CoresOfTwoSessions)
        {
            Terminal.Line($"Two batches at a time share {Environment.ProcessorCount} cores: {twice:0.0} times the throughput. The target of 4.2 times needs {CoresOfTwoSessions} cores.");
        }

        return
        [
            Target.AtLeast("batches: times the throughput", Ratio(one, bare, figures => figures.Loop.PerSecond), 3.3),
            Target.AtMost("batches: times the p95", Ratio(one, bare, figures => figures.P95), 0.35),
            .. Environment.ProcessorCount < CoresOfTwoSessions ? [] : new[] { Target.AtLeast("two batches at a time: times the throughput", twice, 4.2) },
            Target.AtMost("one client: times the p50", added, 1.05),
            Target.AtMost("largest difference of a log-probability", difference, 1e-3),
        ];
    }

    private static void Add(Table table, string name, int clients, List<BatchingFigures> results)
    {
        string Median(Func<BatchingFigures, double> figure, string format) => ClosedLoop.Median(results.Select(figure)).ToString(format, CultureInfo.InvariantCulture);
        table.AddRow(
            name, clients.ToString(CultureInfo.InvariantCulture),
            Median(figures => figures.Loop.PerSecond, "0"), Median(figures => figures.Loop.P50, "0.00"), Median(figures => figures.P95, "0.00"),
            Median(figures => figures.CpuMs, "0.00"), Median(figures => figures.MeanBatch, "0.0"), results[^1].Distribution);
    }
}
