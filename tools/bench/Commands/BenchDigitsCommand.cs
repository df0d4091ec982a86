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

/// <summary><c>bench bench-digits</c>: what the bundled ensemble learns and how it bears load, change and company.</summary>
internal static class BenchDigitsCommand
{
    // One of each medium, in one go: what is asked then follows from the gate alone.
    private const string Strategy = "top-k-per-modality";

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "What `multimodal record` wrote, to train on.", Required = true };
        var test = new Option<FileInfo>("--test") { Description = "What `multimodal record` wrote, to judge by.", Required = true };
        var hidden = new Option<int>("--hidden") { Description = "Hidden units of the gate.", DefaultValueFactory = _ => 16 };
        var ignore = new Option<string[]>("--ignore") { Description = "Features not to learn from, by the beginning of their names.", DefaultValueFactory = _ => [] };
        var seed = Shared.SeedOption();
        var command = new Command("bench-digits", "Compute saved, load, drift, a new expert, training time; exit 1 naming every figure that falls short.")
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
        Terminal.Line($"gate {gate.Version}, judged on {judged.Examples.Count} requests");

        // The kind that loads one expert most already when nothing is skewed, on what the gate was trained with.
        var policy = new SelectionPolicy(gate, Strategy);
        var calls = Replay.Of(train, policy, rule).Calls;
        var busiest = train.Experts[calls.Index().MaxBy(c => c.Item).Index].Name;
        WantedFigure[] figures =
        [
            .. SavingBench.Run(train, judged, gate, rule),
            .. GrowthBench.Run(train, judged, options, cancellationToken),
            .. LoadBench.Run(judged, busiest, policy, rule, options.Seed),
            .. DriftBench.Run(judged, gate, options.Seed),
            .. TrustBench.Run(judged, gate, rule, DeployedTrust.Settings(package), options.Seed),
        ];
        AblationTable.Write(judged, ExpertAblation.Of(judged, policy, rule), Redundancy.Of(judged));
        var met = WantedFigures.Check(figures);
        Terminal.Line($"in {watch.Elapsed.TotalSeconds:0} s");
        return met ? 0 : 1;
    }
}
