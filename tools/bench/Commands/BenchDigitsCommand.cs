using System.CommandLine;
using System.Diagnostics;
using Multimodal.Bench.DigitsBench;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Multimodal.Tool.Studies;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench bench-digits</c>: quality and cost of the bundled ensemble under load, drift and growth.</summary>
internal static class BenchDigitsCommand
{
    // Asks one expert per medium in a single wave, so the selection depends on the gate alone.
    private const string Strategy = "top-k-per-modality";

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "Output of `multimodal record` to train on.", Required = true };
        var test = new Option<FileInfo>("--test") { Description = "Output of `multimodal record` to evaluate on.", Required = true };
        var hidden = new Option<int>("--hidden") { Description = "Hidden units of the gate.", DefaultValueFactory = _ => 16 };
        var ignore = new Option<string[]>("--ignore")
        {
            Description = "Name prefixes of features to exclude from training.",
            DefaultValueFactory = _ => [],
        };
        var seed = Shared.SeedOption();
        var command = new Command(
            "bench-digits", "Compute saved, load, drift, a new expert, training time; exits 1 and names each missed target.")
        {
            ensemble, recorded, test, hidden, ignore, seed,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(recorded), parse.GetRequiredValue(test),
            new GrowthBenchOptions(Strategy, parse.GetValue(hidden), parse.GetRequiredValue(ignore), parse.GetValue(seed)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo folder, FileInfo recorded, FileInfo test, GrowthBenchOptions options, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var package = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var gate = Gates.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
        var rule = new LearnedRule(CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken)));
        var train = await RecordedFile.ReadAsync(recorded.FullName, cancellationToken);
        var judged = await RecordedFile.ReadAsync(test.FullName, cancellationToken);
        Terminal.Line($"gate {gate.Version}, evaluated on {judged.Examples.Count} requests");

        // The kind of request that loads one expert most without skew, on the training recordings.
        var policy = new SelectionPolicy(gate, Strategy);
        var calls = Replay.Of(train, policy, rule).Calls;
        var busiest = train.Experts[calls.Index().MaxBy(c => c.Item).Index].Name;
        Target[] figures =
        [
            .. SavingBench.Run(train, judged, gate, rule),
            .. GrowthBench.Run(train, judged, options, cancellationToken),
            .. LoadBench.Run(judged, busiest, policy, rule, options.Seed),
            .. DriftBench.Run(judged, gate, options.Seed),
            .. TrustBench.Run(judged, gate, rule, DeployedTrust.Settings(package), options.Seed),
        ];
        AblationTable.Write(judged, ExpertAblation.Of(judged, policy, rule), Redundancy.Of(judged));
        var met = Targets.Check(figures);
        Terminal.Line($"in {watch.Elapsed.TotalSeconds:0} s");
        return met ? 0 : 1;
    }
}
