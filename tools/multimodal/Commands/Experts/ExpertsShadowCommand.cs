using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary><c>multimodal experts promote</c> and <c>shadow</c>: makes an expert in shadow count, and puts one that counts into shadow.</summary>
internal static class ExpertsShadowCommand
{
    public static Command CreatePromote()
    {
        var name = new Argument<string>("name") { Description = "An expert in shadow." };
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo?>("--data") { Description = "About fifty labelled requests with its medium, when the gate does not know it yet." };
        var version = new Option<string?>("--gate-version") { Description = "Version written into gate and combiner with --data; the old one and the name when not given." };
        var command = new Command("promote", "Let an expert in shadow count.") { name, ensemble, data, version };
        command.SetAction((parse, cancel) => PromoteAsync(
            parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName, parse.GetValue(data), parse.GetValue(version), cancel));
        return command;
    }

    public static Command CreateShadow()
    {
        var name = new Argument<string>("name") { Description = "The expert." };
        var share = new Option<double>("--share") { Description = "Share of the requests about which it is asked, in [0, 1].", DefaultValueFactory = _ => 1 };
        var ensemble = Shared.EnsembleOption();
        var command = new Command("shadow", "Let an expert no longer count: it is asked and recorded. The gate keeps what it knows of it.") { name, share, ensemble };
        command.SetAction(async (parse, cancel) =>
        {
            var (expert, folder) = (parse.GetRequiredValue(name), parse.GetRequiredValue(ensemble).FullName);
            var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
            if (package.Experts.All(known => known.Package.Name != expert))
            {
                Terminal.Line($"[red]{expert} is no expert of {package.Name}.[/]");
                return 1;
            }

            var json = await EnsembleFiles.ReadAsync(folder, cancel);
            EnsembleFiles.SetShadow(json, expert, parse.GetValue(share));
            return await WriteAsync(folder, json, [], $"{expert} is in shadow: it is asked about {parse.GetValue(share):0.###} of the requests and does not count", cancel);
        });
        return command;
    }

    /// <summary>The versions whose gate does not know an expert.</summary>
    public static async Task<IReadOnlyList<string>> UnknownToAsync(EnsemblePackage package, string expert, CancellationToken cancellationToken)
    {
        var unknown = new List<string>();
        foreach (var file in package.Versions.Select(version => version.GateFile).Prepend(package.GateFile))
        {
            var gate = GateState.FromJson(await File.ReadAllTextAsync(file, cancellationToken));
            if (!gate.Experts.Contains(expert))
            {
                unknown.Add(gate.Version);
            }
        }

        return unknown;
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
        var unknown = await UnknownToAsync(package, name, cancellationToken);
        if (unknown.Count == 0)
        {
            return await WriteAsync(folder, json, [], $"{name} counts", cancellationToken);
        }

        if (package.Versions.Count > 0 || data is null)
        {
            Terminal.Line($"[red]{name} is unknown to gate {string.Join(", ", unknown)}. {(package.Versions.Count > 0 ? "Promote or remove the other versions first (`multimodal gate`)." : "Say --data FILE with about fifty labelled requests, or train again.")}[/]");
            return 1;
        }

        // The gate lists its experts in the order in which it came to know them.
        EnsembleFiles.SetExperts(json, names => names.Where(expert => expert != name).Append(name));
        if (await Growing.TryAsync(folder, package, json, new NewExpert(name, data, version), cancellationToken) is not { } grown)
        {
            return 1;
        }

        return await WriteAsync(folder, json, grown.Files(package), $"{name} counts. {grown.Summary}", cancellationToken);
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
