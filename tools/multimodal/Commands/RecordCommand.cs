using System.CommandLine;
using System.Text.Json;
using System.Threading.Channels;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary>
/// <c>multimodal record</c>: runs every expert over a data set and stores features and opinions. Resumes an interrupted run.
/// </summary>
internal static class RecordCommand
{
    // Enough concurrent requests to fill the experts' batches.
    private const int RequestsAtOnce = 32;

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo>("--data")
        {
            Description = "JSONL, or CSV with a header: label, any of text, image (path), audio (path), and optionally an id.",
            Required = true,
        };
        var output = new Option<FileInfo>("--out")
        {
            Description = "JSONL file for the recorded opinions; an incomplete file is continued.",
            Required = true,
        };
        var (images, sounds) = (Shared.ImageDecoderOption(), Shared.AudioDecoderOption());
        var command = new Command(
            "record", "Run all experts over a data set and store their opinions.")
        {
            ensemble, data, output, images, sounds,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(ensemble),
            parse.GetRequiredValue(data),
            parse.GetRequiredValue(output),
            new MediaOptions { ImageDecoder = parse.GetValue(images), AudioDecoder = parse.GetValue(sounds) },
            cancel));
        return command;
    }

    /// <summary>Records the rows that are missing in the output.</summary>
    internal static async Task<int> RunAsync(DirectoryInfo folder, FileInfo data, FileInfo output, MediaOptions limits, CancellationToken cancellationToken)
    {
        var ensemble = EnsemblePackageReader.Read(folder.FullName, limits).OrThrow();
        output.Directory!.Create();
        var done = await RecordedFile.ResumeAsync(output.FullName, OpinionRecorder.HeaderOf(ensemble), cancellationToken);

        var rows = new List<DataSetRow>();
        await foreach (var row in DataSetRow.ReadAsync(data.FullName, cancellationToken))
        {
            if (!done.Contains(row.Id))
            {
                rows.Add(row);
            }
        }

        await using var recorder = await OpinionRecorder.OpenAsync(ensemble, limits, cancellationToken);
        await using var file = new StreamWriter(output.FullName, append: true);
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask($"recording {rows.Count} requests ({done.Count} already there)", maxValue: Math.Max(1, rows.Count));
                var recorded = Channel.CreateBounded<RecordedRow>(RequestsAtOnce);
                var writing = WriteAsync(recorded.Reader, file, () => task.Increment(1), cancellationToken);
                await Parallel.ForEachAsync(
                    rows,
                    new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = cancellationToken },
                    async (row, cancel) => await recorded.Writer.WriteAsync(await recorder.RecordAsync(row, data.DirectoryName!, cancel), cancel));
                recorded.Writer.Complete();
                await writing;
            });
        Terminal.Line($"{done.Count + rows.Count} requests in {output.FullName}");
        return 0;
    }

    private static async Task WriteAsync(ChannelReader<RecordedRow> rows, StreamWriter file, Action written, CancellationToken cancellationToken)
    {
        await foreach (var row in rows.ReadAllAsync(cancellationToken))
        {
            await file.WriteLineAsync(JsonSerializer.Serialize(row, JsonSerializerOptions.Web).AsMemory(), cancellationToken);
            written();
        }
    }
}
