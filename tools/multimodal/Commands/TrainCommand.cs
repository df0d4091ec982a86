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

/// <summary>
/// <c>multimodal train</c>: fits the gate and the combiner to recorded opinions and writes them to the ensemble's folder.
/// </summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "Output of `multimodal record`.", Required = true };
        var held = new Option<double>("--held-out")
        {
            Description = "Share of the rows held out for early stopping, in (0, 1).",
            DefaultValueFactory = _ => 0.2,
        };
        var committee = CommitteeOption();
        var epochs = new Option<int>("--epochs")
        {
            Description = "Maximum number of epochs.",
            DefaultValueFactory = _ => new TrainingOptions().Epochs,
        };
        var kind = new Option<string>("--gate") { Description = "Kind of gate.", DefaultValueFactory = _ => new TrainingOptions().Gate };
        kind.AcceptOnlyFromAmong([.. Gates.Names]);
        var k = new Option<int?>("--k")
        {
            Description = "Number of experts that a top-k or mixtral gate is trained to ask; default: the strategy's own.",
        };
        var hidden = new Option<int>("--hidden") { Description = "Hidden units of the gate; 0 for a linear one.", DefaultValueFactory = _ => 0 };
        var version = new Option<string?>("--gate-version")
        {
            Description = "Version written into gate and combiner; default: one above the ensemble's highest number, else 1.",
        };
        var canary = new Option<double?>("--canary")
        {
            Description = "Keep the promoted version and add a new one with this share of the requests, in [0, 1].",
        };
        var ignore = new Option<string[]>("--ignore")
        {
            Description = "Name prefixes of features to exclude from training.",
            DefaultValueFactory = _ => [],
        };
        var seed = Shared.SeedOption();
        var command = new Command("train", "Train the gate and the combiner on recorded opinions.") { ensemble, recorded, kind, k, held, committee, epochs, hidden, ignore, version, canary, seed };
        Validate(command, committee, held);
        command.SetAction((parse, cancel) => RunAsync(
            new Arguments(
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
                parse.GetValue(canary)),
            cancel));
        return command;
    }

    private static Option<int?> CommitteeOption() => new("--committee")
    {
        Description = "Number of committee members, at least 2. Each holds out its own part of the rows and trains on the others; their mean "
            + "is kept. For small data sets. Multiplies the training time, and excludes --held-out.",
    };

    private static void Validate(Command command, Option<int?> committee, Option<double> held)
    {
        committee.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 2)
            {
                result.AddError("--committee must be at least 2.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(committee) is not null && result.GetResult(held) is { Implicit: false })
            {
                result.AddError("--held-out cannot be combined with --committee, whose members each hold out their own part.");
            }
        });
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var ensemble = EnsemblePackageReader.Read(arguments.Folder.FullName, new MediaOptions()).OrThrow();
        var all = await RecordedFile.ReadAsync(arguments.Recorded.FullName, cancellationToken);
        var names = all.Experts.Select(e => e.Name).ToArray();
        if (!names.SequenceEqual(ensemble.Experts.Select(e => e.Package.Name))
            && !names.SequenceEqual(ShadowExperts.RemoveFrom(ensemble).Experts.Select(e => e.Package.Name)))
        {
            Terminal.Line(
                $"[red]{arguments.Recorded.FullName} has different experts than {arguments.Folder.FullName}. Record it again.[/]");
            return 1;
        }

        var versions = await VersionFile.ReadAsync(arguments.Folder.FullName, cancellationToken, mayBeUntrained: true);
        var options = arguments.Training with { Version = arguments.Version ?? versions.NextNumber() };
        if (arguments.Canary is not null ? versions.Has(options.Version) : versions.Others.Any(other => other.Name == options.Version))
        {
            Terminal.Line(
                $"[red]Version {options.Version} already exists. Give another --gate-version, or run `multimodal gate remove {options.Version}` first.[/]");
            return 1;
        }

        var train = Training(all, arguments with { Training = options }, ensemble.Defaults.Strategy, cancellationToken);
        var watch = Stopwatch.StartNew();
        if (await TryTrainAsync(train, options.Epochs, cancellationToken) is not (var gate, var combiner))
        {
            return 1;
        }

        if (arguments.Canary is { } share)
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
            Terminal.Line(
                $"this gate was trained for the strategy [bold]{Gates.StrategyOf(options.Gate)}[/], but {EnsemblePackageReader.FileName} has {ensemble.Defaults.Strategy}");
        }

        Terminal.Line($"trained in {watch.Elapsed.TotalSeconds:0} s: version {options.Version} of gate and combiner in {arguments.Folder.FullName}");
        return 0;
    }

    /// <summary>Prints a summary of the data and prepares the training.</summary>
    private static Func<Action<TrainingProgress>, (GateState Gate, CombinerState Combiner)> Training(
        RecordedSet all, Arguments arguments, string strategy, CancellationToken cancellationToken)
    {
        var (options, seed) = (arguments.Training, arguments.Seed);
        TrainingRun Start(Action<TrainingProgress> report) => new(new Random(seed)) { Progress = report, CancellationToken = cancellationToken };
        var combined = TrainingOptions.ForCombiner with { Version = options.Version, Ignore = options.Ignore, Strategy = strategy };
        if (arguments.Committee is { } members)
        {
            var parts = Parts(all, members, seed);
            Terminal.Line($"training a committee of {parts.Length} on {all.Examples.Count} requests, {all.Features.Count} features, {all.Experts.Count} experts");
            return report =>
            {
                var gate = Committee.TrainGate(parts, options, Start(report));
                return (gate, Committee.TrainCombiner(parts, Gates.Open(gate), combined, Start(report)));
            };
        }

        var (fitted, dev) = Split(all, arguments.HeldOut, seed);
        Terminal.Line($"training on {fitted.Examples.Count} requests, {dev.Examples.Count} held out, {all.Features.Count} features, {all.Experts.Count} experts");
        return report =>
        {
            var gate = GateTrainer.Train(fitted, dev, options, Start(report));
            return (gate, CombinerTrainer.Train(fitted, dev, Gates.Open(gate), combined, Start(report)));
        };
    }

    /// <summary>Trains with progress bars.</summary>
    /// <returns>Null if the trainer rejected the options; the reason is printed.</returns>
    private static async Task<(GateState Gate, CombinerState Combiner)?> TryTrainAsync(
        Func<Action<TrainingProgress>, (GateState Gate, CombinerState Combiner)> train, int epochs, CancellationToken cancellationToken)
    {
        try
        {
            return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn()).StartAsync(progress =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                void Report(TrainingProgress at)
                {
                    if (!tasks.TryGetValue(at.Phase, out var task))
                    {
                        tasks[at.Phase] = task = progress.AddTask(at.Phase, maxValue: epochs);
                    }

                    task.Value = at.Epoch;
                    task.Description = FormattableString.Invariant($"{at.Phase}: loss {at.TrainLoss:0.0000}, held out {at.DevLoss:0.0000}");
                }

                return Task.Run(() => train(Report), cancellationToken);
            });
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            // Trainers throw exactly this type for invalid user options. Derived types (out of range, null) are bugs.
            Terminal.Line($"[red]{exception.Message}[/]");
            return null;
        }
    }

    // Random parts of equal size, up to one row.
    private static RecordedSet[] Parts(RecordedSet all, int members, int seed)
    {
        var shuffled = all.Shuffled(new Random(seed));
        return [.. Enumerable.Range(0, members).Select(m => all with { Examples = [.. shuffled.Examples.Where((_, i) => i % members == m)] })];
    }

    /// <summary>Splits at random into training and held-out examples.</summary>
    internal static (RecordedSet Train, RecordedSet Dev) Split(RecordedSet all, double held, int seed)
    {
        RecordedExample[] examples = [.. all.Shuffled(new Random(seed)).Examples];
        var dev = Math.Clamp((int)(examples.Length * held), 1, examples.Length - 1);
        return (all with { Examples = examples[dev..] }, all with { Examples = examples[..dev] });
    }

    private sealed record Arguments(
        DirectoryInfo Folder, FileInfo Recorded, double HeldOut, int? Committee, TrainingOptions Training, string? Version, int Seed, double? Canary);
}
