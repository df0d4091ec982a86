using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary><c>multimodal experts promote</c> and <c>shadow</c>: moves an expert out of shadow, or into it.</summary>
internal static class ExpertsShadowCommand
{
    public static Command CreatePromote()
    {
        var name = new Argument<string>("name") { Description = "Name of an expert in shadow." };
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo?>("--data")
        {
            Description = "About fifty labelled requests with its medium; required if the gate does not contain it yet.",
        };
        var version = new Option<string?>("--gate-version")
        {
            Description = "Version written into gate and combiner with --data; default: the old one and the expert's name.",
        };
        var command = new Command(
            "promote", "Move an expert out of shadow, so that its opinions affect the answers.")
        {
            name, ensemble, data, version,
        };
        command.SetAction((parse, cancel) => PromoteAsync(
            parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetValue(data), parse.GetValue(version), cancel));
        return command;
    }

    public static Command CreateShadow()
    {
        var name = new Argument<string>("name") { Description = "Name of the expert." };
        var share = new Option<double>("--share")
        {
            Description = "Share of the requests for which it is asked, in [0, 1].",
            DefaultValueFactory = _ => 1,
        };
        var ensemble = Shared.EnsembleOption();
        var command = new Command(
            "shadow", "Move an expert into shadow: its opinions are recorded and do not affect the answers. The gate still contains it.")
        {
            name, share, ensemble,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var (expert, folder) = (parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName);
            var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
            if (package.Experts.All(known => known.Package.Name != expert))
            {
                Terminal.Line($"[red]{expert} is not an expert of {package.Name}.[/]");
                return 1;
            }

            var json = await EnsembleFiles.ReadAsync(folder, cancel);
            EnsembleFiles.SetShadow(json, expert, parse.GetValue(share));
            return await WriteAsync(
                folder, json, [],
                $"{expert} is in shadow: it is asked for {parse.GetValue(share):0.###} of the requests and does not affect the answers",
                cancel);
        });
        return command;
    }

    /// <summary>The gate versions that do not contain an expert.</summary>
    public static async Task<IReadOnlyList<string>> GatesWithoutAsync(
        EnsemblePackage package, string expert, CancellationToken cancellationToken)
    {
        var without = new List<string>();
        foreach (var file in package.Versions.Select(version => version.GateFile).Prepend(package.GateFile))
        {
            var gate = GateState.FromJson(await File.ReadAllTextAsync(file, cancellationToken));
            if (!gate.Experts.Contains(expert))
            {
                without.Add(gate.Version);
            }
        }

        return without;
    }

    private static async Task<int> PromoteAsync(string name, string folder, FileInfo? data, string? version, CancellationToken cancellationToken)
    {
        var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
        if (!package.Experts.Any(expert => expert.Package.Name == name && expert.ShadowShare is not null))
        {
            Terminal.Line($"[red]{name} is not in shadow in {package.Name}.[/]");
            return 1;
        }

        var json = await EnsembleFiles.ReadAsync(folder, cancellationToken);
        EnsembleFiles.SetShadow(json, name, null);
        var without = await GatesWithoutAsync(package, name, cancellationToken);
        if (without.Count == 0)
        {
            return await WriteAsync(folder, json, [], $"{name} is promoted", cancellationToken);
        }

        if (package.Versions.Count > 0 || data is null)
        {
            Terminal.Line(
                $"[red]{name} is unknown to gate {string.Join(", ", without)}. {(package.Versions.Count > 0 ? "Promote or remove the other versions first (`multimodal gate`)." : "Give --data FILE with about fifty labelled requests, or retrain the gate.")}[/]");
            return 1;
        }

        // The gate lists its experts in the order in which they were added.
        EnsembleFiles.SetExperts(json, names => names.Where(expert => expert != name).Append(name));
        if (await GrownEnsemble.TryAsync(folder, package, json, new NewExpert(name, data, version), cancellationToken) is not { } grown)
        {
            return 1;
        }

        return await WriteAsync(folder, json, grown.Files(package), $"{name} is promoted. {grown.Summary}", cancellationToken);
    }

    private static async Task<int> WriteAsync(
        string folder, System.Text.Json.Nodes.JsonObject json, IEnumerable<(string File, string Text)> states, FormattableString done, CancellationToken cancellationToken)
    {
        if (!await EnsembleFiles.WriteAsync(folder, json, states, cancellationToken))
        {
            return 1;
        }

        Terminal.Line(done);
        return 0;
    }
}
