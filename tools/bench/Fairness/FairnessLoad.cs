using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Multimodal.Bench.Fairness;

/// <summary>
/// Clients that each post one request after the other, over several gateways in turn, and repeat a refused request until it is accepted. Polite clients
/// honour Retry-After; rude clients retry at once.
/// </summary>
/// <param name="gateways">Gateways, used in turn.</param>
/// <param name="options">The options of each request, JSON.</param>
/// <param name="deadlineMs">The deadline in these options.</param>
/// <param name="time">The clock.</param>
internal sealed class FairnessLoad(IReadOnlyList<HttpClient> gateways, string options, int deadlineMs, TimeProvider time)
{
    // Time that the combiner needs to answer at the deadline.
    private const double TimerMs = 100;

    /// <summary>A client without any pause would take the processor from the services under test.</summary>
    private static readonly TimeSpan RudePause = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentBag<FairnessRequest> _requests = [];
    private readonly string _run = Guid.NewGuid().ToString("n");
    private int _turn;
    private int _unexpected;

    /// <summary>Runs all clients.</summary>
    public async Task<FairnessFigures> RunAsync(FairnessPlan plan, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var period = TimeSpan.FromSeconds(plan.Polite / plan.PerSecond);
        using var end = new CancellationTokenSource(plan.Duration, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        var polite = Enumerable.Range(0, plan.Polite).Select(client =>
            PostAllAsync(new Poster(client % 10 == 9 ? FairnessKind.WithoutKey : FairnessKind.Polite, client, start, period, period * client / plan.Polite), either.Token));
        var rude = Enumerable.Range(plan.Polite, plan.Rude).Select(client => PostAllAsync(new Poster(FairnessKind.Rude, client, start, TimeSpan.Zero, TimeSpan.Zero), either.Token));
        await Task.WhenAll(polite.Concat(rude));
        cancellationToken.ThrowIfCancellationRequested();
        return new FairnessFigures([.. _requests], plan.Duration, Volatile.Read(ref _unexpected));
    }

    private async Task PostAllAsync(Poster poster, CancellationToken end)
    {
        var next = poster.First;
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            await PauseAsync(next - time.GetElapsedTime(poster.Start), end);
            next = Max(next, time.GetElapsedTime(poster.Start)) + poster.Period;
            if (!end.IsCancellationRequested)
            {
                await PostUntilAcceptedAsync(poster, $"{_run}-{poster.Client}-{number}", end);
            }
        }
    }

    private async Task PostUntilAcceptedAsync(Poster poster, string key, CancellationToken end)
    {
        var first = time.GetElapsedTime(poster.Start);
        for (var attempts = 1; ; attempts++)
        {
            var posted = time.GetElapsedTime(poster.Start);
            var (retryAfter, isInTime) = await PostAsync(poster, key, end);
            if (retryAfter is null && !end.IsCancellationRequested)
            {
                _requests.Add(new FairnessRequest(poster.Kind, first, posted, attempts, IsAccepted: true, isInTime));
                return;
            }

            await PauseAsync(poster.Kind == FairnessKind.Rude ? RudePause : retryAfter ?? TimeSpan.Zero, end);
            if (end.IsCancellationRequested)
            {
                _requests.Add(new FairnessRequest(poster.Kind, first, time.GetElapsedTime(poster.Start), attempts, IsAccepted: false, IsInTime: false));
                return;
            }
        }
    }

    /// <returns>When to retry; null if the request was accepted.</returns>
    private async Task<(TimeSpan? RetryAfter, bool IsInTime)> PostAsync(Poster poster, string key, CancellationToken end)
    {
        // The length of the text tells the requests without a key apart, as it does with different files.
        using var form = new MultipartFormDataContent
        {
            { new StringContent("seven" + new string('!', poster.Client % 200)), "text" },
            { new StringContent(options), "options" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Prefer", "wait=30");
        if (poster.Kind != FairnessKind.WithoutKey)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var gateway = gateways[(int)((uint)Interlocked.Increment(ref _turn) % gateways.Count)];
        try
        {
            using var response = await gateway.SendAsync(request, end);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(end));
                var isAnswered = answer.RootElement.GetProperty("label").ValueKind == JsonValueKind.String;
                return (null, isAnswered && answer.RootElement.GetProperty("timings").GetProperty("totalMs").GetDouble() <= deadlineMs + TimerMs);
            }

            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta is { } delta)
            {
                return (delta, false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return (TimeSpan.Zero, false);
        }
        catch (HttpRequestException)
        {
            // Counted below.
        }

        Interlocked.Increment(ref _unexpected);
        return (TimeSpan.FromSeconds(1), false);
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken end)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <param name="Kind">How the client behaves.</param>
    /// <param name="Client">Its number.</param>
    /// <param name="Start">Timestamp of the start of the load.</param>
    /// <param name="Period">Shortest time between two of its requests.</param>
    /// <param name="First">When it posts its first request.</param>
    private sealed record Poster(FairnessKind Kind, int Client, long Start, TimeSpan Period, TimeSpan First);
}
