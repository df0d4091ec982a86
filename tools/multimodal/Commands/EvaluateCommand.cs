using System.CommandLine;
using System.Globalization;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Scoring;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal evaluate</c>: compares experts, pools and the learned combiner on recorded opinions.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo?>("--recorded") { Description = "Output of `multimodal record`." };
        var data = new Option<FileInfo?>("--data")
        {
            Description = "Data set as for `multimodal record`, instead of --recorded. It is recorded next to itself first; existing rows are kept.",
        };
        var strategy = new Option<string?>("--strategy") { Description = "Selection strategy; default: the ensemble's own." };
        var k = new Option<int?>("--k") { Description = "Maximum number of experts to ask; default: the ensemble's own." };
        var price = new Option<double?>("--price")
        {
            Description = "Minimum expected gain of another opinion when asking in waves; default: the ensemble's own.",
        };
        var undecidable = new Option<FileInfo?>("--undecidable")
        {
            Description = "Recorded requests whose parts contradict each other without a majority; checks that the answers have low confidence.",
        };
        var checkTargets = new Option<bool>("--wanted")
        {
            Description = "Also check the targets of the bundled ensemble; exits 1 if one is missed.",
        };
        var command = new Command(
            "evaluate", "Accuracy, NLL and ECE of experts, pools and the learned combiner.")
        {
            ensemble, recorded, data, strategy, k, price, undecidable, checkTargets,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(recorded) is null == result.GetValue(data) is null)
            {
                result.AddError("Give either --recorded or --data.");
            }
        });
        command.SetAction(async (parse, cancel) => await RunAsync(
            new Arguments(
                parse.GetRequiredValue(ensemble),
                parse.GetValue(recorded) ?? await RecordAsync(parse.GetRequiredValue(ensemble), parse.GetRequiredValue(data)!, cancel),
                parse.GetValue(undecidable),
                parse.GetValue(strategy),
                parse.GetValue(k),
                parse.GetValue(price),
                parse.GetValue(checkTargets)),
            cancel));
        return command;
    }

    private static async Task<FileInfo> RecordAsync(DirectoryInfo folder, FileInfo data, CancellationToken cancellationToken)
    {
        var output = new FileInfo(Path.ChangeExtension(data.FullName, ".recorded.jsonl"));
        await RecordCommand.RunAsync(folder, data, output, new MediaOptions(), cancellationToken);
        return output;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (folder, recorded, undecidable, _, k, price, checkTargets) = arguments;
        var ensemble = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var (gate, set) = await DeployedEnsemble.ReadAsync(ensemble, await RecordedFile.ReadAsync(recorded.FullName, cancellationToken), cancellationToken);
        var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(ensemble.CombinerFile, cancellationToken));
        var strategy = arguments.Strategy ?? ensemble.Defaults.Strategy;
        var policy = new SelectionPolicy(gate, strategy)
        {
            K = k ?? ensemble.Defaults.K,
            Price = price ?? ensemble.Defaults.Price ?? ExpectedGain.DefaultPrice,
        };
        var rows = Evaluator.Evaluate(set, policy, combiner);

        Terminal.Line($"{set.Examples.Count} requests, gate {gate.Version}, combiner {combiner.Version} ({combiner.Form} form)");
        var table = new Table().Border(TableBorder.Simple).AddColumn("combination")
            .AddColumns(Right("accuracy %"), Right("answers %"), Right("of those %"), Right("NLL"), Right("ECE"), Right("experts run"));
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Number(row.AccuracyOfAll * 100, "0.0"),
                Number(row.Coverage * 100, "0.0"),
                Number(row.Answered.Accuracy * 100, "0.0"),
                Number(row.Answered.Nll, "0.000"),
                Number(row.Answered.Ece, "0.000"),
                $"{Number(row.ExpertsRun, "0.00")} of {Number(row.ExpertsAvailable, "0.00")}");
        }

        AnsiConsole.Write(table);
        Scorecard? unsure = null;
        if (undecidable is not null)
        {
            var (_, contradictions) = await DeployedEnsemble.ReadAsync(ensemble, await RecordedFile.ReadAsync(undecidable.FullName, cancellationToken), cancellationToken);
            var unsureRows = Evaluator.Evaluate(contradictions, policy, combiner);
            unsure = Learned(unsureRows, "all").Answered;
            foreach (var name in new[] { strategy, "all" })
            {
                var row = Learned(unsureRows, name);
                var (right, confidence) = (Number(row.Answered.Accuracy * 100, "0.0"), Number(row.Answered.MeanConfidence * 100, "0.0"));
                Terminal.Line(
                    $"{row.Answered.Count} pairs of contradicting parts: {row.Name}: accuracy {right} %, mean confidence {confidence} %");
            }
        }

        return !checkTargets || Targets.Check(DigitsTargets(rows, unsure, strategy)) ? 0 : 1;
    }

    /// <summary>Targets of the bundled ensemble on its mixed-media test set; accuracies are over all requests.</summary>
    private static IEnumerable<Target> DigitsTargets(IReadOnlyList<EvaluationRow> rows, Scorecard? unsure, string strategy)
    {
        EvaluationRow Row(string name) => rows.First(row => row.Name.StartsWith(name, StringComparison.Ordinal));
        var (learned, pool) = (Learned(rows, strategy), Row("uniform linear pool"));
        double Points(EvaluationRow other) => (learned.AccuracyOfAll - other.AccuracyOfAll) * 100;
        yield return Target.AtLeast("learned above the best single modality, points", Points(Row("best single modality")), 8);
        yield return Target.AtLeast("learned above the uniform linear pool, points", learned.PointsAbove(pool), 1);
        yield return Target.AtLeast(
            "share of the distance from the uniform linear pool to the oracle that learned covers",
            learned.ShareOfDistance(pool, Row("oracle")), 0.25);
        yield return Target.AtMost("ECE of learned", learned.Answered.Ece, 0.03);
        yield return Target.AtMost("share of the available experts that run", learned.ExpertsRun / learned.ExpertsAvailable, 0.5);
        yield return Target.AtMost("points lost by not running all", -Points(Row("learned, all")), 0.5);
        if (unsure is not null)
        {
            // A calibrated combiner would still have about 0.1: docs/studies/contradicting-pairs.md.
            yield return Target.AtMost(
                "confidence above accuracy on contradicting pairs, all experts asked", unsure.MeanConfidence - unsure.Accuracy, 0.25);
        }
    }

    private static EvaluationRow Learned(IReadOnlyList<EvaluationRow> rows, string strategy) =>
        rows.First(row => row.Name == $"learned, {strategy}");

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Arguments(
        DirectoryInfo Folder, FileInfo Recorded, FileInfo? Undecidable, string? Strategy, int? K, double? Price, bool CheckTargets);
}
