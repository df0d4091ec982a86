using System.CommandLine;
using System.Diagnostics;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Tool.Commands.Gate;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal train</c>: fits the gate and the combiner to recorded opinions and writes them into the ensemble's folder.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "What `multimodal record` wrote.", Required = true };
        var held = new Option<double>("--held-out") { Description = "Share of the rows that decides when to stop, in (0, 1).", DefaultValueFactory = _ => 0.2 };
        var committee = new Option<int?>("--committee")
        {
            Description = "Members, at least 2, of a committee: each stops by its own part of the rows and trains on the others, and their mean is kept. "
                + "For few rows; takes so many times as long, and no --held-out.",
        };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the rows at most.", DefaultValueFactory = _ => new TrainingOptions().Epochs };
        var kind = new Option<string>("--gate") { Description = "Kind of gate.", DefaultValueFactory = _ => new TrainingOptions().Gate };
        kind.AcceptOnlyFromAmong([.. Gates.Names]);
        var k = new Option<int?>("--k") { Description = "Experts that a top-k or mixtral gate is trained to ask; the strategy's own number when not given." };
        var hidden = new Option<int>("--hidden") { Description = "Hidden units of the gate; 0 for a linear one.", DefaultValueFactory = _ => 0 };
        var version = new Option<string?>("--gate-version") { Description = "Version written into gate and combiner; one above the ensemble's highest number when not given, else 1." };
        var canary = new Option<double?>("--canary") { Description = "Leave the promoted version as it is and write a new one that decides this share of the requests, in [0, 1]." };
        var ignore = new Option<string[]>("--ignore") { Description = "Features not to learn from, by the beginning of their names.", DefaultValueFactory = _ => [] };
        var seed = Shared.SeedOption();
        var command = new Command("train", "Train the gate and the combiner on recorded opinions.") { ensemble, recorded, kind, k, held, committee, epochs, hidden, ignore, version, canary, seed };
        committee.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 2)
            {
                result.AddError("--committee takes 2 members or more.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(committee) is not null && result.GetResult(held) is { Implicit: false })
            {
                result.AddError("--held-out goes without --committee, whose members each hold out their own part.");
            }
        });
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(ensemble),
            parse.GetRequiredValue(recorded),
            parse.GetValue(held),
            parse.GetValue(committee),
            new TrainingOptions
            {
                Gate = parse.GetRequiredValue(kind),
                K = parse.GetValue(k),
                Epochs = parse.GetValue(epochs),
                HiddenUnits = parse.GetValue(hidden),
                Ignore = parse.GetRequiredValue(ignore),
            },
            parse.GetValue(version),
            parse.GetValue(seed),
            parse.GetValue(canary),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo folder, FileInfo recorded, double held, int? committee, TrainingOptions options, string? version, int seed, double? canary, CancellationToken cancellationToken)
    {
        var ensemble = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var all = await RecordedFile.ReadAsync(recorded.FullName, cancellationToken);
        var names = all.Experts.Select(e => e.Name).ToArray();
        if (!names.SequenceEqual(ensemble.Experts.Select(e => e.Package.Name))
            && !names.SequenceEqual(ShadowExperts.RemoveFrom(ensemble).Experts.Select(e => e.Package.Name)))
        {
            Terminal.Line($"[red]{recorded.FullName} holds other experts than {folder.FullName}. Record it again.[/]");
            return 1;
        }

        var versions = await VersionFile.ReadAsync(folder.FullName, cancellationToken, mayBeUntrained: true);
        options = options with { Version = version ?? versions.NextNumber() };
        if (canary is not null ? versions.Has(options.Version) : versions.Others.Any(other => other.Name == options.Version))
        {
            Terminal.Line($"[red]There is a version {options.Version}. Say --gate-version NAME, or `multimodal gate remove {options.Version}` first.[/]");
            return 1;
        }

        TrainingRun Start(Action<TrainingProgress> report) => new(new Random(seed)) { Progress = report, CancellationToken = cancellationToken };
        Func<Action<TrainingProgress>, (GateState Gate, CombinerState Combiner)> train;
        var combined = TrainingOptions.ForCombiner with { Version = options.Version, Ignore = options.Ignore, Strategy = ensemble.Defaults.Strategy };
        if (committee is { } members)
        {
            var parts = Parts(all, members, seed);
            Terminal.Line($"training a committee of {parts.Length} on {all.Examples.Count} requests, {all.Features.Count} features, {all.Experts.Count} experts");
            train = report =>
            {
                var gate = Committee.TrainGate(parts, options, Start(report));
                return (gate, Committee.TrainCombiner(parts, Gates.Open(gate), combined, Start(report)));
            };
        }
        else
        {
            var (fitted, dev) = Split(all, held, seed);
            Terminal.Line($"training on {fitted.Examples.Count} requests, {dev.Examples.Count} held out, {all.Features.Count} features, {all.Experts.Count} experts");
            train = report =>
            {
                var gate = GateTrainer.Train(fitted, dev, options, Start(report));
                return (gate, CombinerTrainer.Train(fitted, dev, Gates.Open(gate), combined, Start(report)));
            };
        }

        var watch = Stopwatch.StartNew();
        GateState gate = null!;
        CombinerState combiner = null!;
        try
        {
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn()).StartAsync(progress =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                void Report(TrainingProgress at)
                {
                    if (!tasks.TryGetValue(at.Phase, out var task))
                    {
                        tasks[at.Phase] = task = progress.AddTask(at.Phase, maxValue: options.Epochs);
                    }

                    task.Value = at.Epoch;
                    task.Description = FormattableString.Invariant($"{at.Phase}: loss {at.TrainLoss:0.0000}, held out {at.DevLoss:0.0000}");
                }

                return Task.Run(() => (gate, combiner) = train(Report), cancellationToken);
            });
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            // A narrower one (out of range, null) is a bug. What trainers refuse here was asked for on the command line: a kind without hidden units or mean, more members than rows.
            Terminal.Line($"[red]{exception.Message}[/]");
            return 1;
        }

        if (canary is { } share)
        {
            versions.Add(gate, combiner, share);
        }
        else
        {
            versions.Replace(gate, combiner);
        }

        if (!await versions.WriteAsync(cancellationToken))
        {
            return 1;
        }

        if (options.Gate != new TrainingOptions().Gate && ensemble.Defaults.Strategy != Gates.StrategyOf(options.Gate))
        {
            Terminal.Line($"this gate was trained for the strategy [bold]{Gates.StrategyOf(options.Gate)}[/]; {EnsemblePackageReader.FileName} says {ensemble.Defaults.Strategy}");
        }

        Terminal.Line($"trained in {watch.Elapsed.TotalSeconds:0} s: version {options.Version} of gate and combiner in {folder.FullName}");
        return 0;
    }

    // By chance, as even as can be.
    private static RecordedSet[] Parts(RecordedSet all, int members, int seed)
    {
        var shuffled = all.Shuffled(new Random(seed));
        return [.. Enumerable.Range(0, members).Select(m => all with { Examples = [.. shuffled.Examples.Where((_, i) => i % members == m)] })];
    }

    /// <summary>Splits by chance into what is fitted and what is held out.</summary>
    internal static (RecordedSet Train, RecordedSet Dev) Split(RecordedSet all, double held, int seed)
    {
        RecordedExample[] examples = [.. all.Shuffled(new Random(seed)).Examples];
        var dev = Math.Clamp((int)(examples.Length * held), 1, examples.Length - 1);
        return (all with { Examples = examples[dev..] }, all with { Examples = examples[..dev] });
    }
}
