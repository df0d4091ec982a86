using System.CommandLine;
using System.Globalization;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Tool.Commands.Gate;

/// <summary>
/// <c>multimodal gate</c>: versions of gate and combiner, the share of requests that each decides, and the way back. A running service takes
/// every change up by itself.
/// </summary>
internal static class GateCommand
{
    public static Command Create() => new("gate", "Versions of gate and combiner: try one on a share of the requests, promote it, or take everything back.")
    {
        List(), Add(), Canary(), Promote(), Return(), Remove(),
    };

    private static Command List()
    {
        var ensemble = Shared.EnsembleOption();
        var command = new Command("list", "The versions and their shares; GET /v1/ensembles/NAME of a service shows how each does.") { ensemble };
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
        var combiner = new Option<FileInfo>("--combiner") { Description = "The combiner that was trained behind it.", Required = true };
        var name = new Option<string?>("--gate-version") { Description = "What to call it; what the gate says it is when not given." };
        var share = new Option<double>("--share") { Description = "Share of the requests that it decides, in [0, 1].", DefaultValueFactory = _ => 0 };
        var command = new Command("add", "Add a version from files; they are copied into the ensemble's folder.") { ensemble, gate, combiner, name, share };
        command.SetAction(async (parse, cancel) =>
        {
            var state = GateState.FromJson(await File.ReadAllTextAsync(parse.GetRequiredValue(gate).FullName, cancel));
            var behind = CombinerState.FromJson(await File.ReadAllTextAsync(parse.GetRequiredValue(combiner).FullName, cancel));
            state = state with { Version = parse.GetValue(name) ?? state.Version };
            var file = await VersionFile.ReadAsync(parse.GetRequiredValue(ensemble).FullName, cancel);
            if (file.Has(state.Version))
            {
                Terminal.Line($"[red]There is a version {state.Version}. Say --gate-version NAME, or remove it first.[/]");
                return 1;
            }

            file.Add(state, behind, parse.GetValue(share));
            return await WriteAsync(file, cancel);
        });
        return command;
    }

    private static Command Canary()
    {
        var (version, ensemble) = (VersionArgument(), Shared.EnsembleOption());
        var share = new Argument<double>("share") { Description = "Share of the requests that it decides, in [0, 1]. Who is in stays in when it grows." };
        var command = new Command("canary", "Give a version a share of the requests.") { version, share, ensemble };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(version), othersOnly: true, (file, name) => file.SetShare(name, parse.GetValue(share)), cancel));
        return command;
    }

    private static Command Promote()
    {
        var (version, ensemble) = (VersionArgument(), Shared.EnsembleOption());
        var command = new Command("promote", "Make a version the one that decides what no other has a share of; the one before stays, with no share.") { version, ensemble };
        command.SetAction((parse, cancel) => ChangeAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(version), othersOnly: true, (file, name) => file.Promote(name), cancel));
        return command;
    }

    private static Command Return()
    {
        var ensemble = Shared.EnsembleOption();
        var version = new Argument<string?>("version")
        {
            Description = "The version to go back to; the promoted one when not given. After a promotion that was a mistake: the one before.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("return", "Take everything back to the last promoted version, at once.") { version, ensemble };
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
        var command = new Command("remove", "Take a version out; its files stay where they are.") { version, ensemble };
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
            Terminal.Line($"[red]{name} is {(file.Has(name) ? "the promoted version" : "no version")}. The others are: {string.Join(", ", file.Others.Select(other => other.Name).DefaultIfEmpty("none"))}.[/]");
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
            table.AddRow(new Text(name), new Text(Share(share)), new Text(share > 0 ? "canary" : "at rest"));
        }

        AnsiConsole.Write(table);
    }

    private static string Share(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
