using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>
/// <c>multimodal experts add</c>: adds an expert whose package is in the ensemble's folder, with a small labelled data set, in shadow, or
/// both.
/// </summary>
internal static class ExpertsAddCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name")
        {
            Description = "Name of the new expert and of its package folder in the ensemble's folder.",
        };
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo?>("--data")
        {
            Description = "About fifty labelled requests with its medium, JSONL or CSV as for `multimodal record`. Optional in shadow.",
        };
        var shadow = new Option<double?>("--shadow")
        {
            Description = "Share of the requests for which it is asked without affecting the answer, in [0, 1]; `experts promote` ends this.",
        };
        var version = new Option<string?>("--gate-version")
        {
            Description = "Version written into gate and combiner; default: the old one and the expert's name.",
        };
        var command = new Command(
            "add", "Add an expert; the outputs of the others do not change.")
        {
            name, ensemble, data, shadow, version,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && result.GetValue(shadow) is null)
            {
                result.AddError("Give --data FILE, so that the gate learns when to ask it, or --shadow SHARE, to add it in shadow.");
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
            Terminal.Line($"[red]{name} is already an expert of {package.Name}.[/]");
            return 1;
        }

        var json = await EnsembleFiles.ReadAsync(folder, cancellationToken);
        EnsembleFiles.SetExperts(json, names => names.Append(name));
        EnsembleFiles.SetShadow(json, name, shadow);
        GrownEnsemble? grown = null;
        if (data is not null)
        {
            if (package.Versions.Count > 0)
            {
                Terminal.Line(
                    $"[red]Growing the gate leaves the other versions ({string.Join(", ", package.Versions.Select(other => other.Name))}) without the expert. Promote or remove them first (`multimodal gate`), or add the expert in shadow without --data.[/]");
                return 1;
            }

            grown = await GrownEnsemble.TryAsync(folder, package, json, new NewExpert(name, data, version), cancellationToken);
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
            ? (FormattableString)$"[green]{name}[/] is in shadow for {share:0.###} of the requests; GET /v1/ensembles/{package.Name} shows its figures, `multimodal experts promote {name}` promotes it"
            : $"[green]{name}[/] is added. Feedback adjusts its weight; evaluate it with `multimodal experts worth` on requests that were not used for training");
        Terminal.Line($"Restart the workers that are to run it; the other processes load the change by themselves");
        return 0;
    }

    private sealed record Arguments(string Name, string Folder, FileInfo? Data, double? Shadow, string? Version);
}
