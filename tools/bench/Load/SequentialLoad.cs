using System.Text.Json;
using Multimodal.Tool.Commands;

namespace Multimodal.Bench.Load;

/// <summary>Posts requests one after the other and counts how they end.</summary>
internal sealed class SequentialLoad(HttpClient gateway, IReadOnlyList<LoadSample> samples, TimeProvider time)
{
    /// <summary>Posts requests and waits for each answer.</summary>
    /// <param name="phase">The name of the phase.</param>
    /// <param name="requests">Number of requests.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="pause">Time between an answer and the next request.</param>
    public async Task<PhaseOutcome> RunAsync(string phase, int requests, CancellationToken cancellationToken, TimeSpan pause = default)
    {
        var (completed, other) = (0, new List<string>());
        List<double> milliseconds = [];
        for (var number = 0; number < requests; number++)
        {
            using var form = samples[number % samples.Count].ToForm();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
            request.Headers.Add("Prefer", "wait=20");
            var start = time.GetTimestamp();
            using var response = await gateway.SendAsync(request, cancellationToken);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            milliseconds.Add(time.GetElapsedTime(start).TotalMilliseconds);
            var status = StatusOf(json.RootElement);
            completed += status == "completed" ? 1 : 0;
            if (status != "completed")
            {
                other.Add(status);
            }

            await Task.Delay(pause, time, cancellationToken);
        }

        var sorted = milliseconds.Order().ToArray();
        return new PhaseOutcome(phase, requests, completed, [.. other.Distinct()], sorted[sorted.Length / 2], sorted[^1]);
    }

    private static string StatusOf(JsonElement answer) =>
        answer.TryGetProperty("code", out var code) ? code.GetString()! : answer.GetProperty("status").ToString();
}
