using System.CommandLine;
using Multimodal.Bench.PathBench;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench path</c>: cost of the path through gateway, database, broker, combiner and experts, compared with a bare RabbitMQ.Client program and
/// with one process.
/// </summary>
internal static class PathCommand
{
    private static readonly string[] AllTypes = ["quorum", "classic"];

    public static Command Create()
    {
        var experts = new Option<int>("--experts") { Description = "No-op experts asked per request.", DefaultValueFactory = _ => 3 };
        var types = new Option<string[]>("--queues") { Description = "Types of the durable queues: quorum, classic.", DefaultValueFactory = _ => AllTypes, AllowMultipleArgumentsPerToken = true };
        types.AcceptOnlyFromAmong(AllTypes);
        var rounds = new Option<int>("--rounds")
        {
            Description = "Number of rounds; the result is their median.",
            DefaultValueFactory = _ => 5,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Duration of each measurement, in seconds.",
            DefaultValueFactory = _ => 4,
        };
        var images = new Option<int>("--images") { Description = "Large images posted to each deployment.", DefaultValueFactory = _ => 20 };
        var stages = new Option<bool>("--stages") { Description = "Show the stages of a request.", DefaultValueFactory = _ => true };
        var settings = new Option<string[]>("--setting")
        {
            Description = "A setting of the services, to measure what it costs, such as Multimodal:Store:SurvivePowerLoss=false.",
            DefaultValueFactory = _ => [],
        };
        var command = new Command(
            "path", "Cost of the distributed path against a bare RabbitMQ.Client program and one process; exits 1 above the bounds.")
        {
            experts, types, rounds, seconds, images, stages, settings,
        };
        command.SetAction((parse, cancel) => RunAsync(
            new PathRun(parse.GetRequiredValue(experts), parse.GetRequiredValue(rounds), TimeSpan.FromSeconds(parse.GetRequiredValue(seconds)))
            {
                Types = parse.GetRequiredValue(types),
                Images = parse.GetRequiredValue(images),
                HasStages = parse.GetValue(stages),
                Settings = parse.GetRequiredValue(settings).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]),
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(PathRun run, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-path-");
        if (!OperatingSystem.IsWindows())
        {
            // The database server runs as another user.
            data.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        try
        {
            var models = Path.Combine(data.FullName, "models");
            NoOpEnsemble.Write(models, run.Experts);
            Directory.CreateSymbolicLink(Path.Combine(models, "digits"), Path.GetFullPath(Path.Combine("models", "digits")));
            List<Target> targets = [];
            foreach (var type in run.Types)
            {
                var folder = Path.Combine(data.FullName, type);
                await using (var stack = await PathStack.StartAsync(folder, models, type, run.Settings, cancellationToken))
                {
                    targets.AddRange(await new PathComparison(stack, type, run.Experts, run.Each).RunAsync(folder, run.Rounds, cancellationToken));
                    if (run.Images > 0 && type == run.Types[0])
                    {
                        targets.Add(await ImageComparison.RunAsync(stack, Path.Combine(data.FullName, "one"), models, run.Images, cancellationToken));
                    }
                }

                if (run.HasStages)
                {
                    await TracedRun.ShowAsync(Path.Combine(data.FullName, $"{type}-traced"), models, type, run.Each, cancellationToken);
                }
            }

            return Targets.Check(targets) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>What to measure.</summary>
    private sealed record PathRun(int Experts, int Rounds, TimeSpan Each)
    {
        public required string[] Types { get; init; }

        public required int Images { get; init; }

        public required bool HasStages { get; init; }

        public required IReadOnlyDictionary<string, string> Settings { get; init; }
    }
}
