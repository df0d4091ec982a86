using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench absent</c>: kills the only worker of a medium and measures the effect on requests and the time to detection.</summary>
internal static class AbsentCommand
{
    private const string Worker = "vision-expert-1";
    private const string Expert = "vision-handwritten";
    private const int DeadlineMs = 3000;
    private const int Texts = 60;

    /// <summary>Seconds within which a dead expert must drop out of plans, and a live one must return.</summary>
    private const double DetectionSeconds = 15;

    /// <summary>Asks all experts, so that the answer must report the missing one.</summary>
    private const string AllExperts = """{"strategy": "soft", "deadlineMs": 3000}""";

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Number of times the worker is killed.", DefaultValueFactory = _ => 3 };
        var command = new Command(
            "absent", "Kill the only worker for images; exits 1 if other requests slow down or answers do not report it.")
        {
            rounds,
        };
        command.SetAction((parse, cancel) => RunAsync(parse.GetValue(rounds), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var data = Directory.CreateTempSubdirectory("multimodal-absent-");
        try
        {
            await using var stack = new Stack(data.FullName, new StackPlan(1, 1, 1), time);
            await stack.StartAsync(cancellationToken);
            var client = new Client(stack.Gateways.First().Http, File.ReadAllBytes(Path.Combine("models", "digits", "samples", "handwritten-seven.jpg")), time);
            var vision = stack.Services.Single(service => service.Name == Worker);
            await client.TextsAsync(Texts, cancellationToken);

            var table = new Table().Border(TableBorder.Simple).AddColumns(
                "round", "text p50 ms before", "dead, not detected", "detected", "detected after s", "back after s");
            List<Round> all = [];
            for (var number = 1; number <= rounds; number++)
            {
                var round = await RunAsync(client, stack, vision, time, cancellationToken);
                all.Add(round);
                table.AddRow(
                    Number(number, "0"), Number(round.Before, "0.0"), Number(round.BeforeDetection, "0.0"), Number(round.AfterDetection, "0.0"),
                    Number(round.DetectedAfter, "0.0"), Number(round.BackAfter, "0.0"));
            }

            AnsiConsole.Write(table);
            var both = all.SelectMany(round => round.Both).ToArray();
            var (late, skipped, slowest) = (
                both.Count(reply => reply.State == "late"), both.Count(reply => reply.State == "skipped"), both.Max(reply => reply.Ms));
            Terminal.Line(
                $"{both.Length} requests that also need the dead expert: {late} reported it late, {skipped} without a worker; slowest {slowest:0} ms of {DeadlineMs}");
            Target[] targets =
            [
                Target.AtMost(
                    "requests that do not need it, before detection: p50, times before the kill",
                    Median(all.Select(round => round.BeforeDetection / round.Before)), 1.15),
                Target.AtMost("the same, after detection", Median(all.Select(round => round.AfterDetection / round.Before)), 1.15),
                Target.AtMost("seconds until it is no longer asked", all.Max(round => round.DetectedAfter), DetectionSeconds),
                Target.AtMost("seconds from its start until it is asked again", all.Max(round => round.BackAfter), DetectionSeconds),
                Target.AtLeast(
                    "requests that need it and another medium, right from the other medium, %", Percent(both, reply => reply.Label == "7"),
                    100),
                Target.AtLeast(
                    "the same, answered by the deadline (plus 200 ms), %", Percent(both, reply => reply.Ms <= DeadlineMs + 200), 100),
                Target.AtLeast(
                    "the same, the answer reports the expert as late or skipped, %",
                    Percent(both, reply => reply.State is "late" or "skipped"), 100),
                Target.AtLeast(
                    "requests that only it can answer, rejected with no-worker, %",
                    Percent(all.ToArray(), round => round.Alone == "no-worker"), 100),
            ];
            return Targets.Check(targets) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<Round> RunAsync(Client client, Stack stack, StackService vision, TimeProvider time, CancellationToken cancellationToken)
    {
        var before = await client.TextsAsync(Texts, cancellationToken);
        await vision.KillAsync();
        var killed = time.GetTimestamp();
        var beforeDetection = await client.TextsAsync(Texts, cancellationToken);
        List<Answer> both = [];
        do
        {
            both.Add(await client.AskAsync("seven", isWithImage: true, AllExperts, cancellationToken));
        }
        while (both[^1].State != "skipped" && time.GetElapsedTime(killed).TotalSeconds < 2 * DetectionSeconds);

        var detectedAfter = time.GetElapsedTime(killed).TotalSeconds;
        var afterDetection = await client.TextsAsync(Texts, cancellationToken);
        var alone = await client.AskAsync(null, isWithImage: true, AllExperts, cancellationToken);

        stack.Restart(vision);
        await vision.ReadyAsync(TimeSpan.FromMinutes(1), cancellationToken);
        var ready = time.GetTimestamp();
        while ((await client.AskAsync(
            "seven", isWithImage: true, AllExperts,
            cancellationToken)).State != "answered" && time.GetElapsedTime(ready).TotalSeconds < 2 * DetectionSeconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return new Round(before, beforeDetection, afterDetection, detectedAfter, time.GetElapsedTime(ready).TotalSeconds, both, alone.Code);
    }

    private static double Percent<T>(T[] all, Func<T, bool> isSo) => 100.0 * all.Count(isSo) / all.Length;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>
    /// One kill. P50 of text requests in milliseconds before it, before detection and after detection; the replies to requests that need
    /// two media; the problem code of a request that only the killed expert can answer.
    /// </summary>
    private sealed record Round(
        double Before, double BeforeDetection, double AfterDetection, double DetectedAfter, double BackAfter, IReadOnlyList<Answer> Both, string? Alone);

    /// <summary>A reply, with the state of the killed expert.</summary>
    private sealed record Answer(double Ms, string? Label, string? State, string? Code);

    /// <summary>A client that waits for each answer.</summary>
    private sealed class Client(HttpClient http, byte[] image, TimeProvider time)
    {
        /// <returns>Median latency in milliseconds.</returns>
        public async Task<double> TextsAsync(int count, CancellationToken cancellationToken)
        {
            List<double> taken = [];
            for (var number = 0; number < count; number++)
            {
                taken.Add((await AskAsync("seven", isWithImage: false, null, cancellationToken)).Ms);
            }

            return Median(taken);
        }

        public async Task<Answer> AskAsync(string? text, bool isWithImage, string? options, CancellationToken cancellationToken)
        {
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in new[] { ("text", text), ("options", options) })
            {
                if (value is not null)
                {
                    form.Add(new StringContent(value), name);
                }
            }

            if (isWithImage)
            {
                form.Add(new ByteArrayContent(image), "image", "image");
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
            request.Headers.Add("Prefer", "wait=20");
            var start = time.GetTimestamp();
            using var response = await http.SendAsync(request, cancellationToken);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var elapsed = time.GetElapsedTime(start).TotalMilliseconds;
            var root = json.RootElement;
            return root.TryGetProperty("experts", out var experts)
                ? new Answer(elapsed, root.GetProperty("label").GetString(), experts.EnumerateArray().First(expert => expert.GetProperty("name").GetString() == Expert).GetProperty("state").GetString(), null)
                : new Answer(elapsed, null, null, root.TryGetProperty("code", out var code) ? code.GetString() : null);
        }
    }
}
