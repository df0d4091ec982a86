using System.Globalization;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>The promoted gate and combiner, grown by one expert from a small labelled data set.</summary>
/// <param name="Gate">The gate, one row wider.</param>
/// <param name="Combiner">The combiner, one row wider.</param>
/// <param name="Summary">Summary for the terminal.</param>
internal sealed record GrownEnsemble(GateState Gate, CombinerState Combiner, string Summary)
{
    /// <summary>Records the sample and grows both.</summary>
    /// <param name="folder">The ensemble's folder.</param>
    /// <param name="package">The ensemble as it is.</param>
    /// <param name="json"><c>ensemble.json</c> as it will be, with the new expert among its experts.</param>
    /// <param name="expert">The new expert and its labelled requests.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null if the package or the sample is invalid; the problem is printed.</returns>
    public static async Task<GrownEnsemble?> TryAsync(
        string folder, EnsemblePackage package, JsonObject json, NewExpert expert, CancellationToken cancellationToken)
    {
        var (name, data, version) = expert;
        var limits = new MediaOptions();
        using var staged = new EnsembleFiles.Staged(folder, (EnsemblePackageReader.FileName, EnsembleFiles.Text(json)));
        var reading = EnsemblePackageReader.Read(staged.Folder, limits);
        if (staged.PrintProblems(reading.Problems))
        {
            return null;
        }

        var gate = GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
        var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken));

        // Other experts in shadow that the gate does not contain are left out.
        var members = reading.Package!.Experts.ToDictionary(member => member.Package.Name);
        var sample = await RecordAsync(
            reading.Package with { Experts = [.. gate.Experts.Append(name).Select(known => members[known])] }, data, limits, cancellationToken);
        try
        {
            var grownGate = ExpertGrowth.Add(gate, sample, null, cancellationToken) with { Version = version ?? $"{gate.Version}+{name}" };
            var grownCombiner = ExpertGrowth.Add(combiner, sample) with { Version = version ?? $"{combiner.Version}+{name}" };
            return new GrownEnsemble(
                grownGate, grownCombiner, Summarise(package, sample, name, (gate, combiner), (grownGate, grownCombiner)));
        }
        catch (ArgumentException exception)
        {
            Terminal.Line($"[red]{exception.Message}[/]");
            return null;
        }
    }

    /// <summary>Returns the files to write.</summary>
    public IEnumerable<(string File, string Text)> Files(EnsemblePackage package) =>
        [(Path.GetFileName(package.GateFile), Gate.ToJson()), (Path.GetFileName(package.CombinerFile), Combiner.ToJson())];

    private static async Task<RecordedSet> RecordAsync(
        EnsemblePackage ensemble, FileInfo data, MediaOptions limits, CancellationToken cancellationToken)
    {
        await using var recorder = await OpinionRecorder.OpenAsync(ensemble, limits, cancellationToken);
        var rows = new List<RecordedRow>();
        await foreach (var row in DataSetRow.ReadAsync(data.FullName, cancellationToken))
        {
            rows.Add(await recorder.RecordAsync(row, data.DirectoryName!, cancellationToken));
        }

        return RecordedFile.ToSet(OpinionRecorder.HeaderOf(ensemble), rows);
    }

    private static string Summarise(
        EnsemblePackage package, RecordedSet sample, string name, (GateState Gate, CombinerState Combiner) before, (GateState Gate, CombinerState Combiner) after)
    {
        Replay Run(RecordedSet set, (GateState Gate, CombinerState Combiner) state) => Replay.Of(
            set,
            new SelectionPolicy(Gates.Open(state.Gate), package.Defaults.Strategy) { K = package.Defaults.K },
            FusionRules.Table[package.Defaults.Fusion](state.Combiner));
        var (old, now) = (Run(sample.Without(sample.Experts.Count - 1), before), Run(sample, after));
        return $"{name} is added to gate {after.Gate.Version} and combiner {after.Combiner.Version}: asked for {now.Calls[^1]} of the {sample.Examples.Count} labelled requests; "
            + $"accuracy on these training requests: {Percent(old)} without, {Percent(now)} with";
    }

    private static string Percent(Replay replay) => (100 * replay.AccuracyOfAll).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
