using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Tool.Commands.Experts;

/// <summary><c>multimodal experts remove</c>: takes an expert out of gate and combiner; its package stays where it is.</summary>
internal static class ExpertsRemoveCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The expert." };
        var ensemble = Shared.EnsembleOption();
        var version = new Option<string?>("--gate-version") { Description = "Version written into gate and combiner; the old one and the name when not given." };
        var command = new Command("remove", "Take an expert out; what the others do stays bit for bit.") { name, ensemble, version };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetValue(version), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, string folder, string? version, CancellationToken cancellationToken)
    {
        var package = EnsemblePackageReader.Read(folder, new MediaLimits()).OrThrow();
        if (package.Experts.Count < 2 || package.Experts.All(expert => expert.Package.Name != name))
        {
            Terminal.Line($"[red]{name} is no expert of {package.Name}, or its only one.[/]");
            return 1;
        }

        var gate = GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
        var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken));
        await EnsembleFiles.WriteAsync(
            package,
            await EnsembleFiles.WithExpertsAsync(folder, names => names.Where(expert => expert != name), cancellationToken),
            ExpertGrowth.Remove(gate, name) with { Version = version ?? $"{gate.Version}-{name}" },
            ExpertGrowth.Remove(combiner, name) with { Version = version ?? $"{combiner.Version}-{name}" },
            cancellationToken);
        Terminal.Line($"[green]{name}[/] is out of {package.Name}; its package is still in {Path.Combine(package.Folder, name)}");
        return 0;
    }
}
