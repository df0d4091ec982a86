using System.CommandLine;
using System.Globalization;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal compare-gates</c>: trains every kind of gate on the same recorded opinions and compares them.</summary>
internal static class CompareGatesCommand
{
    // The same as in the bundled gate.
    private const int HiddenUnits = 16;

    // The strategy that all gates are evaluated with, in addition to their own.
    private const string Common = "top-k-per-modality";

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "Output of `multimodal record` to train on.", Required = true };
        var test = new Option<FileInfo>("--test") { Description = "Output of `multimodal record` to evaluate on.", Required = true };
        var ignore = new Option<string[]>("--ignore")
        {
            Description = "Name prefixes of features to exclude from training.",
            DefaultValueFactory = _ => [],
        };
        var seed = Shared.SeedOption();
        var command = new Command("compare-gates", "Train every kind of gate and compare them.") { ensemble, recorded, test, ignore, seed };
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
                parse.GetRequiredValue(ensemble), parse.GetRequiredValue(recorded), parse.GetRequiredValue(test), parse.GetRequiredValue(ignore), parse.GetValue(seed)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (folder, recorded, test, ignore, seed) = arguments;
        var ensemble = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(ensemble.CombinerFile, cancellationToken));
        var (train, held) = TrainCommand.Split(await RecordedFile.ReadAsync(recorded.FullName, cancellationToken), 0.2, seed);
        var judged = await RecordedFile.ReadAsync(test.FullName, cancellationToken);
        (string Kind, int Hidden)[] runs = [.. Gates.Names.Select(kind => (kind, kind == "laplace" ? 0 : HiddenUnits))];
        var rows = new string[runs.Length][];
        await Parallel.ForAsync(0, runs.Length, cancellationToken, (r, cancel) =>
        {
            var (kind, hidden) = runs[r];
            var options = new TrainingOptions { Gate = kind, HiddenUnits = hidden, Ignore = ignore };
            var gate = Gates.Open(GateTrainer.Train(train, held, options, new TrainingRun(new Random(seed)) { CancellationToken = cancel }));
            rows[r] = [kind, .. Evaluate(
                judged, new SelectionPolicy(gate, Gates.StrategyOf(kind)),
                combiner), .. Evaluate(judged, new SelectionPolicy(gate, Common), combiner)];
            return ValueTask.CompletedTask;
        });

        Terminal.Line(
            $"trained on {train.Examples.Count} requests, evaluated on {judged.Examples.Count}; linear: opinions weighted by the gate; learned: by the ensemble's combiner {combiner.Version}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("gate");
        foreach (var strategy in new[] { "its own\nstrategy", Common.Replace("-per-", "\nper-", StringComparison.Ordinal) })
        {
            table.AddColumns(
            [
                .. new[] { $"{strategy}\nlinear %", "NLL", "learned %", "NLL", "run", "shares %" }.Select(name => new TableColumn(name).RightAligned().NoWrap()),
            ]);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 180;
        }

        AnsiConsole.Write(table);
        Terminal.Line($"shares of the calls, in this order: {string.Join(", ", judged.Experts.Select(e => e.Name))}");
        return 0;
    }

    private static string[] Evaluate(RecordedSet set, SelectionPolicy policy, CombinerState combiner)
    {
        var linear = Replay.Of(set, policy, FusionRules.Table["linear"](null));
        var learned = Replay.Of(set, policy, FusionRules.Table["learned"](combiner));
        return
        [
            Number(100 * linear.AccuracyOfAll, "0.0"),
            Number(linear.Answered.Nll, "0.000"),
            Number(100 * learned.AccuracyOfAll, "0.0"),
            Number(learned.Answered.Nll, "0.000"),
            Number(linear.ExpertsRun, "0.00"),
            string.Join(' ', linear.Calls.Select(calls => Number(100 * calls / linear.Calls.Sum(), "0"))),
        ];
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Arguments(DirectoryInfo Folder, FileInfo Recorded, FileInfo Test, string[] Ignore, int Seed);
}
