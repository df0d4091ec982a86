using System.CommandLine;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Features;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.DataSets;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal record</c>: runs every expert over a data set and stores features and opinions. Goes on where it was stopped.</summary>
internal static class RecordCommand
{
    // Enough requests at once that the experts' batches fill.
    private const int RequestsAtOnce = 32;

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo>("--data") { Description = "JSONL: id, label and any of text, image (path), audio (path).", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "JSONL of recorded opinions; an unfinished one is continued.", Required = true };
        var command = new Command("record", "Run all experts over a data set and store what they say.") { ensemble, data, output };
        command.SetAction((parse, cancel) =>
            RunAsync(parse.GetRequiredValue(ensemble), parse.GetRequiredValue(data), parse.GetRequiredValue(output), cancel));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, FileInfo data, FileInfo output, CancellationToken cancellationToken)
    {
        var limits = new MediaLimits();
        var ensemble = EnsemblePackageReader.Read(folder.FullName, limits).OrThrow();
        var header = new RecordedHeader(
            ensemble.Name,
            ensemble.Labels,
            [.. ensemble.Experts.Select(e => new RecordedExpert(e.Package.Name, Shared.Name(e.Package.Modality)))],
            RequestFeatures.Names,
            [.. RequestFeatures.Blocks.Select(b => new ModalityBlock(Shared.Name(b.Modality), b.Offset, b.Length))]);
        output.Directory!.Create();
        var done = await RecordedFile.ResumeAsync(output.FullName, header, cancellationToken);

        var rows = new List<DataSetRow>();
        await foreach (var row in DataSetRow.ReadAsync(data.FullName, cancellationToken))
        {
            if (!done.Contains(row.Id))
            {
                rows.Add(row);
            }
        }

        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        var experts = new List<(EnsembleExpert Place, IExpert Expert)>();
        try
        {
            foreach (var place in ensemble.Experts)
            {
                experts.Add((place, await loader.OpenAsync(place.Package, new ExpertSettings { Media = limits }, cancellationToken)));
            }

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
                        async (row, cancel) => await recorded.Writer.WriteAsync(await RecordAsync(row, data.DirectoryName!, experts, limits, cancel), cancel));
                    recorded.Writer.Complete();
                    await writing;
                });
        }
        finally
        {
            foreach (var (_, expert) in experts)
            {
                await expert.DisposeAsync();
            }
        }

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

    private static async Task<RecordedRow> RecordAsync(
        DataSetRow row, string folder, IReadOnlyList<(EnsembleExpert Place, IExpert Expert)> experts, MediaLimits limits, CancellationToken cancellationToken)
    {
        var parts = await row.PartsAsync(folder, cancellationToken);
        var features = new float[RequestFeatures.Names.Count];
        if (!RequestFeatures.TryCompute(parts, limits, features, out var refused))
        {
            throw new InvalidDataException($"Row {row.Id}: its {Shared.Name(refused.Modality)} cannot be used: {refused.Failure.Detail}");
        }

        var outcomes = await Task.WhenAll(experts
            .Where(e => parts.ContainsKey(e.Expert.Package.Modality))
            .Select(async e => (
                e.Place,
                Outcome: await e.Expert.JudgeAsync(parts[e.Expert.Package.Modality], DateTimeOffset.MaxValue, cancellationToken))));
        return new RecordedRow(
            row.Id,
            row.Label,
            row.Conflict,
            features,
            outcomes.Where(o => o.Outcome is ExpertOutcome.Answered)
                .ToDictionary(o => o.Place.Package.Name, o => o.Place.Reorder(((ExpertOutcome.Answered)o.Outcome).LogProbabilities)),
            outcomes.Where(o => o.Outcome is ExpertOutcome.Declined)
                .ToDictionary(o => o.Place.Package.Name, o => ((ExpertOutcome.Declined)o.Outcome).Detail));
    }
}
