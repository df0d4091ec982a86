using System.Globalization;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.PathBench;

/// <summary>Shows the stages of a request, from a run with tracing. The comparison excludes it, because tracing itself costs time.</summary>
internal static class TracedRun
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Starts the services, measures and prints the stages.</summary>
    /// <param name="folder">Folder for data and logs.</param>
    /// <param name="models">Folder of the ensembles.</param>
    /// <param name="type">Type of the durable queues.</param>
    /// <param name="each">Duration of the measurement.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public static async Task ShowAsync(string folder, string models, string type, TimeSpan each, CancellationToken cancellationToken)
    {
        await using var collector = await SpanCollector.StartAsync(cancellationToken);
        await using var stack = await PathStack.StartAsync(folder, models, type, collector.Settings, cancellationToken);
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
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures($"stage of a request, {type} queues, concurrency 1, traced", "p50 ms"));
        foreach (var (stage, ms) in Stages.Medians(asked, collector.Spans))
        {
            table.AddRow(Markup.Escape(stage), Number(ms));
        }

        table.AddRow("total (p50)", Number(ClosedLoop.Median(asked.Values.Select(one => one.End - one.Start))));
        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
