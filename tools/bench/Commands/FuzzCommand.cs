using System.CommandLine;
using Multimodal.Bench.Fuzz;
using Multimodal.Bench.Fuzz.Findings;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench fuzz</c>: mutated requests to a running service, and mutated files to the decoders.</summary>
internal static class FuzzCommand
{
    private static readonly string Findings = Path.Combine("artifacts", "fuzz");

    public static Command Create()
    {
        var seed = new Option<int>("--seed") { Description = "Seed. The same seed creates the same inputs.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "Inputs.", DefaultValueFactory = _ => 100_000 };
        var input = new Option<string?>("--input") { Description = "Replays one input that an earlier run wrote." };
        var command = new Command("fuzz", "Send mutated requests and decode mutated files; exits 1 on a crash, a 5xx except 503, a slow request or growing memory.")
        {
            seed, count, input,
        };
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(seed), parse.GetValue(count), parse.GetValue(input), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int seed, int count, string? input, CancellationToken cancellationToken)
    {
        var targets = new FuzzTargets(seed, FuzzSeed.ReadAll(FuzzSeed.Folders));
        var tally = new FuzzTally(Findings);
        var data = Directory.CreateTempSubdirectory("multimodal-fuzz-");
        try
        {
            var run = new FuzzRun(seed, targets, tally, data.FullName, TimeProvider.System);
            if (input is not null)
            {
                Terminal.Line($"{input}: {await run.ReplayAsync(FuzzInput.Read(input), cancellationToken)}");
                return tally.Findings.Count == 0 ? 0 : 1;
            }

            var figures = await run.RunAsync(count, cancellationToken);
            tally.Print();
            return Targets.Check(figures) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
