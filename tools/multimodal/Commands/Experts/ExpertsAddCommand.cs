using System.CommandLine;
using System.Globalization;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.DataSets;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>
/// <c>multimodal experts add</c>: takes an expert whose package lies in the ensemble's folder into gate and combiner, from a small labelled
/// data set.
/// </summary>
internal static class ExpertsAddCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The new expert; its package is the folder of that name in the ensemble's." };
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo>("--data") { Description = "About fifty labelled requests with its medium, JSONL or CSV as for `multimodal record`.", Required = true };
        var version = new Option<string?>("--gate-version") { Description = "Version written into gate and combiner; the old one and the name when not given." };
        var command = new Command("add", "Bring an expert in; what the others do stays bit for bit.") { name, ensemble, data, version };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetRequiredValue(data), parse.GetValue(version), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, string folder, FileInfo data, string? version, CancellationToken cancellationToken)
    {
        var limits = new MediaLimits();
        var package = EnsemblePackageReader.Read(folder, limits).OrThrow();
        if (package.Experts.Any(expert => expert.Package.Name == name))
        {
            Terminal.Line($"[red]{name} is an expert of {package.Name} already.[/]");
            return 1;
        }

        var text = await EnsembleFiles.WithExpertsAsync(folder, names => names.Append(name), cancellationToken);
        using var staged = new EnsembleFiles.Staged(folder, text);
        var reading = EnsemblePackageReader.Read(staged.Folder, limits);
        if (reading.Package is not { } wider)
        {
            foreach (var problem in reading.Problems)
            {
                Terminal.Line($"[red]{problem.ToString().Replace(staged.Folder, folder, StringComparison.Ordinal)}[/]");
            }

            return 1;
        }

        var sample = await RecordAsync(wider, data, limits, cancellationToken);
        var (gate, combiner) = (
            GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken)),
            CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken)));
        GateState grown;
        CombinerState knows;
        try
        {
            grown = ExpertGrowth.Add(gate, sample, null, cancellationToken) with { Version = version ?? $"{gate.Version}+{name}" };
            knows = ExpertGrowth.Add(combiner, sample) with { Version = version ?? $"{combiner.Version}+{name}" };
        }
        catch (ArgumentException exception)
        {
            Terminal.Line($"[red]{exception.Message}[/]");
            return 1;
        }

        await EnsembleFiles.WriteAsync(package, text, grown, knows, cancellationToken);
        Print(package, sample, name, (gate, combiner), (grown, knows));
        return 0;
    }

    private static async Task<RecordedSet> RecordAsync(EnsemblePackage ensemble, FileInfo data, MediaLimits limits, CancellationToken cancellationToken)
    {
        await using var recorder = await OpinionRecorder.OpenAsync(ensemble, limits, cancellationToken);
        var rows = new List<RecordedRow>();
        await foreach (var row in DataSetRow.ReadAsync(data.FullName, cancellationToken))
        {
            rows.Add(await recorder.RecordAsync(row, data.DirectoryName!, cancellationToken));
        }

        return RecordedFile.ToSet(OpinionRecorder.HeaderOf(ensemble), rows);
    }

    private static void Print(
        EnsemblePackage package, RecordedSet sample, string name, (GateState Gate, CombinerState Combiner) before, (GateState Gate, CombinerState Combiner) after)
    {
        Replay Run(RecordedSet set, (GateState Gate, CombinerState Combiner) state) => Replay.Of(
            set, Gates.Open(state.Gate), package.Defaults.Strategy, package.Defaults.K, FusionRules.Table[package.Defaults.Fusion](state.Combiner));
        var (old, now) = (Run(sample.Without(sample.Experts.Count - 1), before), Run(sample, after));
        Terminal.Line($"[green]{name}[/] is in: asked for {now.Calls[^1]} of the {sample.Examples.Count} labelled requests; right on them, which it has now seen: {Percent(old)} without, {Percent(now)} with");
        Terminal.Line($"gate {after.Gate.Version}, combiner {after.Combiner.Version}; feedback moves its weight from here; judge it by `multimodal experts worth` on requests nobody was trained on");
    }

    private static string Percent(Replay replay) => (100 * replay.AccuracyOfAll).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
