using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>
/// <c>multimodal experts add</c>: takes an expert whose package lies in the ensemble's folder in, with a small labelled data set, or in shadow, or
/// both.
/// </summary>
internal static class ExpertsAddCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The new expert; its package is the folder of that name in the ensemble's." };
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo?>("--data") { Description = "About fifty labelled requests with its medium, JSONL or CSV as for `multimodal record`. Not needed in shadow." };
        var shadow = new Option<double?>("--shadow") { Description = "Share of the requests about which it is asked without counting, in [0, 1]; `experts promote` makes it count." };
        var version = new Option<string?>("--gate-version") { Description = "Version written into gate and combiner; the old one and the name when not given." };
        var command = new Command("add", "Bring an expert in; what the others do stays bit for bit.") { name, ensemble, data, shadow, version };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && result.GetValue(shadow) is null)
            {
                result.AddError("Say --data FILE, so that the gate learns when to ask it, or --shadow SHARE, so that it does not count yet.");
            }
        });
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
                parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetValue(data), parse.GetValue(shadow), parse.GetValue(version)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (name, folder, data, shadow, version) = arguments;
        var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
        if (package.Experts.Any(expert => expert.Package.Name == name))
        {
            Terminal.Line($"[red]{name} is an expert of {package.Name} already.[/]");
            return 1;
        }

        var json = await EnsembleFiles.ReadAsync(folder, cancellationToken);
        EnsembleFiles.SetExperts(json, names => names.Append(name));
        EnsembleFiles.SetShadow(json, name, shadow);
        Growing? grown = null;
        if (data is not null)
        {
            if (package.Versions.Count > 0)
            {
                Terminal.Line($"[red]A gate that grows leaves the other versions ({string.Join(", ", package.Versions.Select(other => other.Name))}) behind. Promote or remove them first (`multimodal gate`), or add the expert in shadow without --data.[/]");
                return 1;
            }

            grown = await Growing.TryAsync(folder, package, json, new NewExpert(name, data, version), cancellationToken);
            if (grown is null)
            {
                return 1;
            }
        }

        if (!await EnsembleFiles.WriteAsync(folder, json, grown?.Files(package) ?? [], cancellationToken))
        {
            return 1;
        }

        if (grown is not null)
        {
            Terminal.Line($"{grown.Summary}");
        }

        Terminal.Line(shadow is { } share
            ? (FormattableString)$"[green]{name}[/] is in shadow for {share:0.###} of the requests; GET /v1/ensembles/{package.Name} shows how it does, `multimodal experts promote {name}` makes it count"
            : $"[green]{name}[/] is in; feedback moves its weight from here; judge it by `multimodal experts worth` on requests nobody was trained on");
        Terminal.Line($"the processes that are to serve it have to be started again; the others take the change up by themselves");
        return 0;
    }

    private sealed record Arguments(string Name, string Folder, FileInfo? Data, double? Shadow, string? Version);
}
