using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench skew</c>: the five services with system clocks that are wrong, or that step under load.</summary>
internal static class SkewCommand
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A change of a clock file takes effect within a second, and the next beacon tells the other processes within another. The requests of a phase
    /// are spread over the time before, during and after this.
    /// </summary>
    private static readonly TimeSpan PhaseDuration = TimeSpan.FromSeconds(6);

    /// <summary>The states of the clocks: the service, and its system clock minus the right time in seconds.</summary>
    private static readonly (string Phase, (string Service, int Seconds)[] Clocks)[] Phases =
    [
        ("all clocks right", []),
        ("combiner 6 s ahead", [("combiner-1", 6)]),
        ("combiner 30 s behind", [("combiner-1", -30)]),
        ("workers 6 s ahead and 30 s behind", [("combiner-1", 0), ("text-expert-1", 6), ("vision-expert-1", -30)]),
        ("combiner and worker step an hour forward", [("combiner-1", 3600), ("text-expert-1", 3600)]),
        ("combiner and worker step two hours back", [("combiner-1", -3600), ("text-expert-1", -3600)]),
        ("gateway, the reference, steps an hour forward", [("gateway-1", 3600)]),
        ("gateway, the reference, steps two hours back", [("gateway-1", -3600)]),
    ];

    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests posted in each state of the clocks.", DefaultValueFactory = _ => 60 };
        var cases = CasesOption.Create();
        var command = new Command("skew", "Set the system clocks of single services wrong; exits 1 if a request is not completed or no log names the host.")
        {
            requests, cases,
        };
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(requests), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int requests, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var (time, samples) = (TimeProvider.System, await LoadSample.ReadAllAsync(cases, cancellationToken));
        var data = Directory.CreateTempSubdirectory("multimodal-skew-");
        try
        {
            var clocks = new FakeClocks(Path.Combine(data.FullName, "clocks"));
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1, Clocks: clocks), time);
            foreach (var service in stack.Services)
            {
                clocks.Set(service.Name, TimeSpan.Zero);
            }

            await stack.StartAsync(cancellationToken);
            var load = new SequentialLoad(stack.Gateways.First().Http, samples, time);
            await load.RunAsync("warm-up", requests, cancellationToken);
            List<PhaseOutcome> outcomes = [];
            foreach (var (phase, settings) in Phases)
            {
                Terminal.Line($"{phase}");
                foreach (var (service, seconds) in settings)
                {
                    clocks.Set(service, TimeSpan.FromSeconds(seconds));
                }

                outcomes.Add(await load.RunAsync(phase, requests, cancellationToken, PhaseDuration / requests));
            }

            outcomes.Add(await RestartedAsync(stack, clocks, load, requests, cancellationToken));
            var skew = await SkewOfAsync(stack, "combiner-1", cancellationToken);
            var log = await File.ReadAllTextAsync(Path.Combine(data.FullName, "combiner-1.log"), cancellationToken);
            return Report(outcomes, skew, log.Contains($"The system clock of host {Environment.MachineName} differs", StringComparison.Ordinal)) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>A combiner that starts with a wrong clock.</summary>
    private static async Task<PhaseOutcome> RestartedAsync(Stack stack, FakeClocks clocks, SequentialLoad load, int requests, CancellationToken cancellationToken)
    {
        var combiner = stack.Services.Single(service => service.Name == "combiner-1");
        await combiner.KillAsync();
        clocks.Set("gateway-1", TimeSpan.Zero);
        clocks.Set("combiner-1", TimeSpan.FromSeconds(6));
        stack.Restart(combiner);
        await combiner.ReadyAsync(StartTimeout, cancellationToken);
        return await load.RunAsync("combiner starts 6 s ahead", requests, cancellationToken, PhaseDuration / requests);
    }

    private static async Task<double> SkewOfAsync(Stack stack, string name, CancellationToken cancellationToken)
    {
        var service = stack.Services.Single(service => service.Name == name);
        var metrics = await service.Http.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellationToken);
        var line = metrics.Split('\n').First(line => line.StartsWith("multimodal_clock_skew_seconds ", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
    }

    private static bool Report(List<PhaseOutcome> outcomes, double skew, bool isNamed)
    {
        PhaseOutcome.Print(outcomes);
        return Targets.Check(
        [
            Target.AtMost("requests not completed", outcomes.Sum(outcome => outcome.Requests - outcome.Completed), 0),
            Target.AtMost("p50 with wrong clocks, times right clocks (maximum)", outcomes.Skip(1).Max(outcome => outcome.P50) / outcomes[0].P50, 3),
            Target.AtLeast("skew of the combiner that is 6 s ahead, as it measures it, s", skew, 5.8),
            Target.AtMost("skew of this combiner, upper bound, s", skew, 6.2),
            Target.AtLeast("its log names the host", isNamed ? 1 : 0, 1),
        ]);
    }
}
