using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary><c>multimodal experts remove</c>: removes an expert from gate and combiner; its package stays in the folder.</summary>
internal static class ExpertsRemoveCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the expert." };
        var ensemble = Shared.EnsembleOption();
        var version = new Option<string?>("--gate-version")
        {
            Description = "Version written into gate and combiner; default: the old one and the expert's name.",
        };
        var command = new Command("remove", "Remove an expert; the outputs of the others do not change.") { name, ensemble, version };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetValue(version), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, string folder, string? version, CancellationToken cancellationToken)
    {
        var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
        if (package.Experts.Count < 2 || package.Experts.All(expert => expert.Package.Name != name))
        {
            Terminal.Line($"[red]{name} is not an expert of {package.Name}, or is its only one.[/]");
            return 1;
        }

        var without = await ExpertsShadowCommand.GatesWithoutAsync(package, name, cancellationToken);
        var isInGate = without.Count < package.Versions.Count + 1;
        if (isInGate && package.Versions.Count > 0)
        {
            Terminal.Line($"[red]Other versions of the gate contain {name}. Promote or remove them first (`multimodal gate`).[/]");
            return 1;
        }

        var json = await EnsembleFiles.ReadAsync(folder, cancellationToken);
        EnsembleFiles.SetExperts(json, names => names.Where(expert => expert != name));
        EnsembleFiles.SetShadow(json, name, null);
        List<(string File, string Text)> states = [];
        if (isInGate)
        {
            var gate = GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken));
            var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken));
            gate = ExpertGrowth.Remove(gate, name) with { Version = version ?? $"{gate.Version}-{name}" };
            combiner = ExpertGrowth.Remove(combiner, name) with { Version = version ?? $"{combiner.Version}-{name}" };
            states = [(Path.GetFileName(package.GateFile), gate.ToJson()), (Path.GetFileName(package.CombinerFile), combiner.ToJson())];
        }

        if (!await EnsembleFiles.WriteAsync(folder, json, states, cancellationToken))
        {
            return 1;
        }

        Terminal.Line($"[green]{name}[/] is removed from {package.Name}; its package is still in {Path.Combine(package.Folder, name)}");
        return 0;
    }
}
