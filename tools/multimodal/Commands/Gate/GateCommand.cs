using System.CommandLine;
using System.Globalization;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Tool.Commands.Gate;

/// <summary>
/// <c>multimodal gate</c>: manages versions of gate and combiner and their shares of the requests. A running service loads every change.
/// </summary>
internal static class GateCommand
{
    public static Command Create() => new(
        "gate", "Versions of gate and combiner: try one on a share of the requests, promote it, or roll back.")
    {
        List(), Add(), Canary(), Promote(), Return(), Remove(),
    };

    private static Command List()
    {
        var ensemble = Shared.EnsembleOption();
        var command = new Command(
            "list", "List the versions and their shares; GET /v1/ensembles/NAME of a service shows their figures.")
        {
            ensemble,
        };
        command.SetAction(async (parse, cancel) =>
        {
            Write(await VersionFile.ReadAsync(parse.GetRequiredValue(ensemble).FullName, cancel));
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var ensemble = Shared.EnsembleOption();
        var gate = new Option<FileInfo>("--gate") { Description = "A trained gate.", Required = true };
        var combiner = new Option<FileInfo>("--combiner") { Description = "The combiner that was trained with it.", Required = true };
        var name = new Option<string?>("--gate-version") { Description = "Name of the version; default: the version in the gate file." };
        var share = new Option<double>("--share")
        {
            Description = "Share of the requests that use it, in [0, 1].",
            DefaultValueFactory = _ => 0,
        };
        var command = new Command("add", "Add a version from files; they are copied into the ensemble's folder.") { ensemble, gate, combiner, name, share };
        command.SetAction(async (parse, cancel) =>
        {
            var state = GateState.FromJson(await File.ReadAllTextAsync(parse.GetRequiredValue(gate).FullName, cancel));
            var trained = CombinerState.FromJson(await File.ReadAllTextAsync(parse.GetRequiredValue(combiner).FullName, cancel));
            state = state with { Version = parse.GetValue(name) ?? state.Version };
            var file = await VersionFile.ReadAsync(parse.GetRequiredValue(ensemble).FullName, cancel);
            if (file.Has(state.Version))
            {
                Terminal.Line($"[red]Version {state.Version} already exists. Give another --gate-version, or remove it first.[/]");
                return 1;
            }

            file.Add(state, trained, parse.GetValue(share));
            return await WriteAsync(file, cancel);
        });
        return command;
    }

    private static Command Canary()
    {
        var (version, ensemble) = (VersionArgument(), Shared.EnsembleOption());
        var share = new Argument<double>("share")
        {
            Description = "Share of the requests that use it, in [0, 1]. Requests in a smaller share stay in a larger one.",
        };
        var command = new Command("canary", "Set a version's share of the requests.") { version, share, ensemble };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(version), othersOnly: true, (file, name) => file.SetShare(name, parse.GetValue(share)), cancel));
        return command;
    }

    private static Command Promote()
    {
        var (version, ensemble) = (VersionArgument(), Shared.EnsembleOption());
        var command = new Command(
            "promote", "Use a version for all requests outside the other shares; the previous one stays with share 0.")
        {
            version, ensemble,
        };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(version), othersOnly: true, (file, name) => file.Promote(name), cancel));
        return command;
    }

    private static Command Return()
    {
        var ensemble = Shared.EnsembleOption();
        var version = new Argument<string?>("version")
        {
            Description = "The version to return to; default: the promoted one. To undo a promotion, give the previous version.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("return", "Return all requests to one version at once.") { version, ensemble };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble),
            parse.GetValue(version),
            othersOnly: false,
            (file, name) =>
            {
                file.Promote(name);
                file.Return();
            },
            cancel));
        return command;
    }

    private static Command Remove()
    {
        var (version, ensemble) = (VersionArgument(), Shared.EnsembleOption());
        var command = new Command("remove", "Remove a version; its files stay in the folder.") { version, ensemble };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(version), othersOnly: true, (file, name) => file.Remove(name), cancel));
        return command;
    }

    private static Argument<string> VersionArgument() => new("version") { Description = "A version that is not the promoted one." };

    private static async Task<int> ChangeAsync(
        DirectoryInfo ensemble, string? version, bool othersOnly, Action<VersionFile, string> change, CancellationToken cancellationToken)
    {
        var file = await VersionFile.ReadAsync(ensemble.FullName, cancellationToken);
        var name = version ?? file.Promoted;
        if (!file.Has(name) || (othersOnly && name == file.Promoted))
        {
            Terminal.Line(
                $"[red]{name} is {(file.Has(name) ? "the promoted version" : "not a version")}. The others are: {string.Join(", ", file.Others.Select(other => other.Name).DefaultIfEmpty("none"))}.[/]");
            return 1;
        }

        change(file, name);
        return await WriteAsync(file, cancellationToken);
    }

    private static async Task<int> WriteAsync(VersionFile file, CancellationToken cancellationToken)
    {
        if (!await file.WriteAsync(cancellationToken))
        {
            return 1;
        }

        Write(file);
        return 0;
    }

    private static void Write(VersionFile file)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("version", "share of the requests", "");
        table.AddRow(new Text(file.Promoted), new Text(Share(Math.Max(0, 1 - file.Others.Sum(other => other.Share)))), new Text("promoted"));
        foreach (var (name, share) in file.Others)
        {
            table.AddRow(new Text(name), new Text(Share(share)), new Text(share > 0 ? "canary" : "unused"));
        }

        AnsiConsole.Write(table);
    }

    private static string Share(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
