using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Crash;

/// <summary>
/// Clients that retry: each request has an Idempotency-Key and is posted until it is accepted, while the service is killed and restarted.
/// Records every id and every result seen for a key.
/// </summary>
internal sealed class CrashLoad(ServiceProcess service, IReadOnlyList<LoadSample> samples, TimeProvider time)
{
    private const int Clients = 16;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<int, Seen> _seen = new();
    private int _accepted;
    private int _retries;

    /// <summary>Requests accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Retried posts.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Posts all requests; completes when all are accepted.</summary>
    public Task PostAllAsync(int requests, CancellationToken cancellationToken) =>
        ForEachAsync(requests, number => PostUntilAcceptedAsync(number, cancellationToken), cancellationToken);

    /// <summary>Reads each result twice, posts each request again, and checks that all results are equal.</summary>
    /// <returns>Requests without a result, and requests with more than one id or result.</returns>
    public async Task<(int Lost, int Duplicated)> CheckAllAsync(int requests, CancellationToken cancellationToken)
    {
        await ForEachAsync(
            requests,
            async number =>
            {
                var seen = SeenOf(number);
                foreach (var id in seen.Ids.Keys)
                {
                    seen.Record(await ReadAsync(id, cancellationToken));
                    seen.Record(await ReadAsync(id, cancellationToken));
                }

                await PostUntilAcceptedAsync(number, cancellationToken);
            },
            cancellationToken);
        return (_seen.Values.Count(seen => seen.Results.IsEmpty), _seen.Values.Count(seen => seen.Ids.Count > 1 || seen.Results.Count > 1));
    }

    private static Task ForEachAsync(int requests, Func<int, Task> action, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, requests),
        new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
        async (number, _) => await action(number));

    private async Task PostUntilAcceptedAsync(int number, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!await TryPostAsync(number, cancellationToken))
        {
            if (time.GetElapsedTime(start) > Timeout)
            {
                // The report counts it as not accepted.
                return;
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task<bool> TryPostAsync(int number, CancellationToken cancellationToken)
    {
        using var form = samples[number % samples.Count].ToForm();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"crash-{number}"));
        if (number % 2 == 0)
        {
            // Half of the clients wait for the answer, so that kills also hit answers in transit.
            request.Headers.Add("Prefer", "wait=20");
        }

        try
        {
            using var response = await service.Http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                return false;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"Request {number} was rejected: {body}");
            }

            using var answer = JsonDocument.Parse(body);
            var seen = SeenOf(number);
            if (seen.Ids.TryAdd(answer.RootElement.GetProperty("id").GetGuid(), true) && seen.Ids.Count == 1)
            {
                Interlocked.Increment(ref _accepted);
            }

            seen.Record(response.StatusCode == HttpStatusCode.OK ? body : null);
            return true;
        }
        catch (Exception exception) when (IsConnectionFailure(exception, cancellationToken))
        {
            return false;
        }
    }

    /// <returns>The result; null if the request is unknown or has no result.</returns>
    private async Task<string?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/requests/{id}", UriKind.Relative));
        request.Headers.Add("Prefer", "wait=40");
        using var response = await service.Http.SendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(cancellationToken) : null;
    }

    private Seen SeenOf(int number) => _seen.GetOrAdd(number, _ => new Seen());

    /// <summary>Whether the connection broke because the service was killed.</summary>
    private static bool IsConnectionFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The ids and results seen for one key.</summary>
    private sealed class Seen
    {
        public ConcurrentDictionary<Guid, bool> Ids { get; } = new();

        public ConcurrentDictionary<string, bool> Results { get; } = new();

        public void Record(string? result)
        {
            if (result is not null)
            {
                Results.TryAdd(result, true);
            }
        }
    }
}
