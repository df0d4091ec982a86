using System.CommandLine;
using Multimodal.Bench.Fuzz.Media;
using Multimodal.Bench.Fuzz.Targets;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench fuzz-media</c>: the process that decodes mutated files for <c>bench fuzz</c>.</summary>
internal static class FuzzMediaCommand
{
    public static Command Create()
    {
        var work = new Option<DirectoryInfo>("--work") { Description = "Folder of the files to report to.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of the run.", Required = true };
        var count = new Option<int>("--count") { Description = "Number of inputs.", Required = true };
        var command = new Command("fuzz-media", "Decodes mutated files; `fuzz` starts it.") { work, seed, count };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            var targets = new FuzzTargets(parse.GetValue(seed), FuzzSeed.ReadAll(FuzzSeed.Folders));
            var run = new MediaRun(targets, new MediaCheck(Path.Combine("models", "digits")), TimeProvider.System);
            run.Run(new MediaWork(parse.GetRequiredValue(work).FullName), parse.GetValue(count));
        });
        return command;
    }
}
