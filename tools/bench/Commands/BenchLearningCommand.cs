using System.CommandLine;
using System.Diagnostics;
using Multimodal.Bench.LearningBench;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench bench-learning</c>: gates, rules and online learners on public data, compared with published results.</summary>
internal static class BenchLearningCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Folder with handwritten, opera and nifty; $MULTIMODAL_DATA or ../shared/data by default.",
            DefaultValueFactory = _ => new DirectoryInfo(
                Environment.GetEnvironmentVariable("MULTIMODAL_DATA") is { Length: > 0 } given ? given : Path.Combine("..", "shared", "data")),
        };
        var copies = new Option<int>("--copies")
        {
            Description = "Corrupted copies of each training example.",
            DefaultValueFactory = _ => 12,
        };
        var draws = new Option<int>("--draws") { Description = "Draws of each corruption for each test example.", DefaultValueFactory = _ => 10 };
        var heldOut = new Option<bool>("--held-out")
        {
            Description = "Evaluate the six views on held-out training examples, to choose between designs without using the test half.",
        };
        var heldOutSeeds = new Option<int>("--held-out-seeds")
        {
            Description = "Number of seeds for the held-out loss of two of six views; each retrains experts, gate and combiner.",
            DefaultValueFactory = _ => 12,
        };
        var seed = Shared.SeedOption();
        var command = new Command(
            "bench-learning", "Gates, rules and online learners on public data; exits 1 and names each missed target.")
        {
            data, copies, draws, heldOut, heldOutSeeds, seed,
        };
        command.SetAction((parse, cancel) =>
        {
            var folder = parse.GetRequiredValue(data).FullName;
            var handwritten = new HandwrittenOptions(
                Path.Combine(folder, "handwritten", "handwritten_6views.mat"),
                parse.GetValue(seed), parse.GetValue(copies), parse.GetValue(draws), parse.GetValue(heldOut), parse.GetValue(heldOutSeeds));
            return RunAsync(folder, handwritten, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(string data, HandwrittenOptions handwritten, CancellationToken cancellationToken)
    {
        string[] needed = [handwritten.File, Path.Combine(data, "opera", "experts.csv"), Path.Combine(data, "nifty", "dbrx-instruct.csv")];
        if (needed.FirstOrDefault(file => !File.Exists(file)) is { } absent)
        {
            Terminal.Line($"[red]{absent} does not exist. Pass the folder of the public data sets with --data.[/]");
            return 1;
        }

        if (Console.IsOutputRedirected)
        {
            // The tables have up to fifteen columns.
            AnsiConsole.Profile.Width = 180;
        }

        var watch = Stopwatch.StartNew();
        Target[] figures =
        [
            .. await HandwrittenBench.RunAsync(handwritten, cancellationToken),
            .. OperaBench.Run(Path.Combine(data, "opera")),
            .. NiftyBench.Run(Path.Combine(data, "nifty")),
        ];
        var met = Targets.Check(figures);
        Terminal.Line($"in {watch.Elapsed.TotalSeconds:0} s");
        return met ? 0 : 1;
    }
}
