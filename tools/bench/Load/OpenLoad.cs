using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Multimodal.Tool.Commands;

namespace Multimodal.Bench.Load;

/// <summary>
/// Load generator. Its open loop posts at an even rate regardless of earlier replies, like many independent users, so a slow service
/// cannot reduce its own load.
/// </summary>
/// <param name="gateways">Gateways, used in turn.</param>
/// <param name="samples">Requests, used in turn.</param>
/// <param name="deadlineMs">Deadline of each request, in milliseconds.</param>
/// <param name="time">The clock.</param>
/// <param name="others">Other options of each request, as members of a JSON object.</param>
internal sealed class OpenLoad(IReadOnlyList<HttpClient> gateways, IReadOnlyList<LoadSample> samples, int deadlineMs, TimeProvider time, string others = "")
{
    private readonly string _options = string.Create(CultureInfo.InvariantCulture, $$"""{"deadlineMs": {{deadlineMs}}{{(others.Length > 0 ? ", " : "")}}{{others}}}""");
    private int _turn;

    /// <summary>Posts requests at an even rate and waits for their replies (open loop).</summary>
    /// <param name="perSecond">Requests per second.</param>
    /// <param name="duration">Duration of the posting.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    public async Task<LoadFigures> RunOpenAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var replies = new ConcurrentBag<LoadReply>();
        var posts = new List<Task>();
        var start = time.GetTimestamp();
        for (var number = 0; number < perSecond * duration.TotalSeconds; number++)
        {
            var ahead = TimeSpan.FromSeconds(number / perSecond) - time.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, cancellationToken);
            }

            posts.Add(PostAsync(number, replies, cancellationToken));
        }

        var offered = time.GetElapsedTime(start);
        await Task.WhenAll(posts);
        return new LoadFigures([.. replies], offered, deadlineMs);
    }

    /// <summary>Runs clients that each wait for their answer before the next request (closed loop).</summary>
    public async Task<LoadFigures> RunClosedAsync(int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var replies = new ConcurrentBag<LoadReply>();
        var start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            for (var number = client; time.GetElapsedTime(start) < duration; number += clients)
            {
                await PostAsync(number, replies, cancellationToken);
            }
        }));
        return new LoadFigures([.. replies], time.GetElapsedTime(start), deadlineMs);
    }

    private async Task PostAsync(int number, ConcurrentBag<LoadReply> replies, CancellationToken cancellationToken)
    {
        using var form = samples[number % samples.Count].ToForm();
        form.Add(new StringContent(_options), "options");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Prefer", "wait=30");
        var gateway = gateways[(int)((uint)Interlocked.Increment(ref _turn) % gateways.Count)];
        var start = time.GetTimestamp();
        using var response = await gateway.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var elapsed = time.GetElapsedTime(start);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            replies.Add(new LoadReply((int)response.StatusCode, elapsed, false, 0, response.Headers.RetryAfter is not null));
            return;
        }

        using var answer = JsonDocument.Parse(body);
        replies.Add(new LoadReply(
            200, elapsed, answer.RootElement.GetProperty("label").ValueKind == JsonValueKind.String, answer.RootElement.GetProperty("timings").GetProperty("totalMs").GetDouble(), false));
    }
}
