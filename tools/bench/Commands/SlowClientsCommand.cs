using System.CommandLine;
using Multimodal.Bench.Clients;
using Multimodal.Bench.Load;
using Multimodal.Bench.Services;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench slow-clients</c>: other clients of a gateway while many clients upload slowly.</summary>
internal static class SlowClientsCommand
{
    public static Command Create()
    {
        var clients = new Option<int>("--clients") { Description = "Slow clients.", DefaultValueFactory = _ => 256 };
        var requests = new Option<int>("--requests") { Description = "Requests posted in each phase.", DefaultValueFactory = _ => 124 };
        var cases = CasesOption.Create();
        var command = new Command("slow-clients", "Upload from many slow clients; exits 1 if another client is refused or waits much longer.")
        {
            clients, requests, cases,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetValue(clients), parse.GetValue(requests), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int clients, int requests, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var samples = await LoadSample.ReadAllAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-slow-");
        try
        {
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1), TimeProvider.System);
            await stack.StartAsync(cancellationToken);
            var gateway = stack.Gateways.Single();
            var small = new SequentialLoad(gateway.Http, samples, TimeProvider.System);

            // Bytes after the end of an image cost its upload only.
            var padded = samples.Where(sample => sample.Image is not null).Select(sample => sample with { Image = [.. sample.Image!, .. new byte[500_000]] });
            var large = new SequentialLoad(gateway.Http, [.. padded], TimeProvider.System);
            await small.RunAsync("warm-up", requests, cancellationToken);
            List<PhaseOutcome> outcomes =
            [
                await small.RunAsync("no slow client", requests, cancellationToken),
                await large.RunAsync("no slow client, 500 kB", requests, cancellationToken),
            ];
            foreach (var rate in new[] { 300, 4000 })
            {
                await using var slow = new SlowClients(gateway, TimeProvider.System);
                slow.Start(clients, rate);
                await Task.Delay(TimeSpan.FromSeconds(7), TimeProvider.System, cancellationToken);
                outcomes.Add(await small.RunAsync($"{clients} clients with {rate} B/s", requests, cancellationToken));
                outcomes.Add(await large.RunAsync($"{clients} clients with {rate} B/s, 500 kB", requests, cancellationToken));
                Terminal.Line($"slow uploads at {rate} B/s ended with: {string.Join(", ", slow.Ends.OrderBy(end => end.Key).Select(end => $"{end.Key} {end.Value} times"))}");
            }

            PhaseOutcome.Print(outcomes);
            return Targets.Check(
            [
                Target.AtMost("requests of other clients not completed", outcomes.Sum(outcome => outcome.Requests - outcome.Completed), 0),
                Target.AtMost("p50 beside slow clients, times p50 without (maximum)", Math.Max(
                    Math.Max(outcomes[2].P50, outcomes[4].P50) / outcomes[0].P50, Math.Max(outcomes[3].P50, outcomes[5].P50) / outcomes[1].P50), 3),
            ]) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
