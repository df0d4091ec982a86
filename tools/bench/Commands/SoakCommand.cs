using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Bench.Services;
using Multimodal.Bench.Soak;
using Multimodal.Contracts.Values;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench soak</c>: varied requests for a long time; memory, threads, files, queues, rows and payloads must not grow.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Duration of the load.", DefaultValueFactory = _ => 1800 };
        var rate = new Option<double>("--rate") { Description = "Requests per second.", DefaultValueFactory = _ => 10 };
        var command = new Command("soak", "Post varied requests for a long time; exits 1 if a figure of a process or store grows more than the load explains.")
        {
            seconds, rate,
        };
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(seconds), parse.GetValue(rate), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int seconds, double rate, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("multimodal-soak-");
        try
        {
            // Rows reach their final number within the first half.
            var retention = Math.Clamp(seconds / 6.0, 9, 120) / 86_400;
            var settings = new Dictionary<string, string>
            {
                ["Multimodal:Store:RetentionDays"] = retention.ToString(CultureInfo.InvariantCulture),
                ["Multimodal:Webhooks:AllowPrivateTargets"] = "true",
            };
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1, Settings: settings), TimeProvider.System);
            await stack.StartAsync(cancellationToken);
            await using var receiver = new WebhookReceiver();
            var gateway = stack.Gateways.Single().Http;
            await SubscribeAsync(gateway, new { name = "soak-queue", kind = "queue" }, cancellationToken);
            await SubscribeAsync(gateway, new { name = "soak-hook", kind = "webhook", url = receiver.Address, secret = "whsec_" + Convert.ToBase64String(new byte[32]) }, cancellationToken);
            await using var queue = await SoakQueue.ConnectAsync(stack.Broker.Port, "client.default.soak-queue", cancellationToken);
            FuzzSeed[] files = [.. FuzzSeed.ReadAll(FuzzSeed.Folders).Where(seed => seed.Modality != Modality.Text)];
            var load = new SoakLoad(gateway, files, queue, TimeProvider.System);
            var sampler = new SoakSampler(stack, TimeProvider.System);
            await LoadAsync(load, sampler, rate, TimeSpan.FromSeconds(seconds), cancellationToken);
            Terminal.Line($"{receiver.Received} results by webhook, {queue.Received} by queue");
            return Report(load, sampler.Samples) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task SubscribeAsync<T>(HttpClient gateway, T subscription, CancellationToken cancellationToken)
    {
        using var response = await gateway.PostAsJsonAsync(new Uri("v1/subscriptions", UriKind.Relative), subscription, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task LoadAsync(SoakLoad load, SoakSampler sampler, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        // At least about twenty samples, and no more than one in two seconds, because each one collects the garbage of every process.
        var interval = TimeSpan.FromSeconds(Math.Clamp(duration.TotalSeconds / 60, 2, 10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sampling = sampler.RunAsync(interval, stop.Token);
        await load.RunAsync(rate, duration, cancellationToken);
        await stop.CancelAsync();
        try
        {
            await sampling;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped within a sample.
        }
    }

    private static bool Report(SoakLoad load, IReadOnlyList<SoakSample> samples)
    {
        foreach (var (outcome, count) in load.Outcomes)
        {
            Terminal.Line($"{outcome}: {count}");
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("figure")
            .AddColumns(Terminal.Figures("first half", "second half", "growth", "bound")).AddColumn("");
        var figures = SoakBounds.Check(samples);
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name), Target.Format(figure.First), Target.Format(figure.Second), Target.Format(figure.Fitted), Target.Format(figure.Bound),
                figure.IsExceeded ? "[red]grows[/]" : "ok");
        }

        AnsiConsole.Write(table);
        var grown = figures.Where(figure => figure.IsExceeded).ToArray();
        foreach (var figure in grown)
        {
            Terminal.Line($"[red]grows: {figure.Name} by {figure.Fitted:0.#} in the second half, bound {figure.Bound:0.#}[/]");
        }

        var failed = load.Outcomes.Where(outcome => outcome.Key.Contains(": 5", StringComparison.Ordinal) && !outcome.Key.Contains(": 503", StringComparison.Ordinal)).Sum(outcome => outcome.Value);
        Terminal.Line($"{samples.Count} samples, {figures.Count} figures, {grown.Length} grow, {failed} replies with a 5xx except 503");
        return grown.Length == 0 && failed == 0;
    }
}
