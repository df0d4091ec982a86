using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Multimodal.Tool.Commands;

namespace Multimodal.Bench.Chaos;

/// <summary>
/// Clients that retry over several gateways. Each request has an Idempotency-Key and is posted to one gateway after the other
/// until it is accepted. Records every id and every result seen for a key.
/// </summary>
internal sealed class ChaosLoad(IReadOnlyList<HttpClient> gateways, IReadOnlyList<LoadSample> samples, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a client tries to get its request accepted, and how long the check waits for all results.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<int, Seen> _seen = new();
    private readonly ConcurrentDictionary<string, int> _rejections = new();
    private int _posted;
    private int _turn;
    private int _retries;
    private int _givenUp;

    /// <summary>Requests accepted so far.</summary>
    public int Accepted => _seen.Count;

    /// <summary>Requests posted so far by <see cref="PostUntilAsync"/>.</summary>
    public int Posted => Volatile.Read(ref _posted);

    /// <summary>The status of each request's answer, by the request's number. Empty before <see cref="CheckAllAsync"/>.</summary>
    public IEnumerable<(int Number, string Status)> Statuses => _seen.Where(seen => seen.Value.Status is not null).Select(seen => (seen.Key, seen.Value.Status!));

    /// <summary>Retried posts.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Requests that were not accepted in time, despite retries.</summary>
    public int GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>Replies that are neither an acceptance nor a refusal that may pass, with their number.</summary>
    public IReadOnlyDictionary<string, int> Rejections => _rejections;

    /// <summary>All ids assigned to requests.</summary>
    public IEnumerable<Guid> Ids => _seen.Values.SelectMany(seen => seen.Ids.Keys);

    /// <summary>Posts all requests at an even rate.</summary>
    public async Task PostAllAsync(int requests, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var posts = new List<Task>(requests);
        for (var number = 0; number < requests; number++)
        {
            var ahead = (duration * number / requests) - time.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, cancellationToken);
            }

            posts.Add(PostUntilAcceptedAsync(number, cancellationToken));
        }

        await Task.WhenAll(posts);
    }

    /// <summary>Posts requests at an even rate until a task completes, and waits until they are accepted.</summary>
    public async Task PostUntilAsync(Task end, double perSecond, CancellationToken cancellationToken)
    {
        var posts = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond), time);
        while (!end.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            posts.Add(PostUntilAcceptedAsync(Interlocked.Increment(ref _posted) - 1, cancellationToken));
        }

        await Task.WhenAll(posts);
    }

    /// <summary>Reads each result and checks that all copies of it are equal.</summary>
    public async Task<ChaosOutcome> CheckAllAsync(CancellationToken cancellationToken)
    {
        var (lost, stuck, partial, failed) = (0, 0, 0, 0);
        var latencies = new ConcurrentBag<double>();
        var start = time.GetTimestamp();
        await Parallel.ForEachAsync(_seen.Values, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (seen, cancel) =>
        {
            foreach (var id in seen.Ids.Keys)
            {
                var (status, result) = await ReadAsync(id, start, cancel);
                Interlocked.Add(ref lost, status == HttpStatusCode.NotFound ? 1 : 0);
                Interlocked.Add(ref stuck, status == HttpStatusCode.Accepted ? 1 : 0);
                if (result is null)
                {
                    continue;
                }

                seen.Results.TryAdd(result, true);
                using var answer = JsonDocument.Parse(result);
                latencies.Add(answer.RootElement.GetProperty("timings").GetProperty("totalMs").GetDouble() / 1000);
                seen.Status = answer.RootElement.GetProperty("status").GetString();
                Interlocked.Add(ref partial, seen.Status == "partial" ? 1 : 0);
                Interlocked.Add(ref failed, seen.Status == "failed" ? 1 : 0);
            }
        });
        var sorted = latencies.Order().ToArray();
        var p99 = sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.99))];
        var duplicated = _seen.Values.Count(seen => seen.Ids.Count > 1 || seen.Results.Count > 1);
        return new ChaosOutcome(Accepted, lost, stuck, duplicated, partial, failed, p99, sorted.Length == 0 ? 0 : sorted[sorted.Length / 2]);
    }

    private async Task PostUntilAcceptedAsync(int number, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (await TryPostAsync(number, cancellationToken) is { } retryAfter)
        {
            if (time.GetElapsedTime(start) > Timeout)
            {
                Interlocked.Increment(ref _givenUp);
                return;
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(retryAfter, time, cancellationToken);
        }
    }

    /// <returns>When to retry; null if the request was accepted or rejected.</returns>
    private async Task<TimeSpan?> TryPostAsync(int number, CancellationToken cancellationToken)
    {
        using var form = samples[number % samples.Count].ToForm();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"chaos-{number}"));
        if (number % 2 == 0)
        {
            // Half of the clients wait for the answer, so that faults also hit answers in transit.
            request.Headers.Add("Prefer", "wait=20");
        }

        try
        {
            using var response = await Next().SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                return response.Headers.RetryAfter?.Delta ?? RetryDelay;
            }

            if (!response.IsSuccessStatusCode)
            {
                _rejections.AddOrUpdate($"{(int)response.StatusCode} {body}", 1, (_, count) => count + 1);
                return null;
            }

            using var answer = JsonDocument.Parse(body);
            var seen = _seen.GetOrAdd(number, _ => new Seen());
            seen.Ids.TryAdd(answer.RootElement.GetProperty("id").GetGuid(), true);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                seen.Results.TryAdd(body, true);
            }

            return null;
        }
        catch (Exception exception) when (IsConnectionFailure(exception, cancellationToken))
        {
            return RetryDelay;
        }
    }

    private async Task<(HttpStatusCode Status, string? Result)> ReadAsync(Guid id, long start, CancellationToken cancellationToken)
    {
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/requests/{id}", UriKind.Relative));
            request.Headers.Add("Prefer", "wait=20");
            try
            {
                using var response = await Next().SendAsync(request, cancellationToken);
                var status = response.StatusCode;
                if (status is HttpStatusCode.OK or HttpStatusCode.NotFound)
                {
                    return (status, status == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(cancellationToken) : null);
                }
            }
            catch (Exception exception) when (IsConnectionFailure(exception, cancellationToken))
            {
                // Retry on another gateway.
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
        while (time.GetElapsedTime(start) < Timeout);

        return (HttpStatusCode.Accepted, null);
    }

    private HttpClient Next() => gateways[(int)((uint)Interlocked.Increment(ref _turn) % gateways.Count)];

    /// <summary>Whether the connection broke because the gateway was killed, or timed out because it was frozen.</summary>
    private static bool IsConnectionFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The ids and results seen for one key.</summary>
    private sealed class Seen
    {
        public ConcurrentDictionary<Guid, bool> Ids { get; } = new();

        public ConcurrentDictionary<string, bool> Results { get; } = new();

        public string? Status { get; set; }
    }
}
