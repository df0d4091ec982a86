using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Soak;

/// <summary>Clients that do everything that clients do: all media, errors, waits, polls, feedback, cancellations, streams, repeats.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="files">Media to post.</param>
/// <param name="queue">The client on the broker.</param>
/// <param name="time">The clock.</param>
internal sealed class SoakLoad(HttpClient gateway, IReadOnlyList<FuzzSeed> files, SoakQueue queue, TimeProvider time)
{
    private static readonly string[] Texts = ["seven", "no. 4", "drei", "IX", "the digit is 5", " ", "acht"];

    private readonly ConcurrentDictionary<string, int> _outcomes = new();

    /// <summary>How requests ended, by what the client did.</summary>
    public IEnumerable<KeyValuePair<string, int>> Outcomes => _outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal);

    /// <summary>Starts requests at an even rate, and waits for the last ones.</summary>
    public async Task RunAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var running = new HashSet<Task>();
        var start = time.GetTimestamp();
        for (var number = 0; number < perSecond * duration.TotalSeconds; number++)
        {
            var ahead = TimeSpan.FromSeconds(number / perSecond) - time.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, cancellationToken);
            }

            running.RemoveWhere(task => task.IsCompleted);
            running.Add(RunOneAsync(number, cancellationToken));
        }

        await Task.WhenAll(running);
    }

    private async Task RunOneAsync(int number, CancellationToken cancellationToken)
    {
        var (name, action) = Action(number);
        var outcome = "";
        try
        {
            outcome = await action(number, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            outcome = exception.GetType().Name;
        }

        _outcomes.AddOrUpdate($"{name}: {outcome}", 1, (_, count) => count + 1);
    }

    private (string Name, Func<int, CancellationToken, Task<string>> Action) Action(int number) => (number % 12) switch
    {
        0 => ("text", (n, cancel) => PostAsync(Text(n), Wait, cancel)),
        1 or 2 or 3 => ("file", (n, cancel) => PostAsync(File(n), Wait, cancel)),
        4 => ("poll", PollAsync),
        5 => ("feedback", FeedbackAsync),
        6 => ("cancelled", CancelledAsync),
        7 => ("AMQP", AmqpAsync),
        8 => ("repeat", RepeatAsync),
        9 => ("error", ErrorAsync),
        10 => ("stream", StreamAsync),
        _ => ("subscription", (n, cancel) => PostAsync(Text(n, n % 24 == 11 ? "soak-queue" : "soak-hook"), _ => { }, cancel)),
    };

    private static void Wait(HttpRequestMessage request) => request.Headers.Add("Prefer", "wait=10");

    private static MultipartFormDataContent Text(int number, string? subscription = null)
    {
        var form = new MultipartFormDataContent { { new StringContent(Texts[number % Texts.Length]), "text" } };
        if (subscription is not null)
        {
            form.Add(new StringContent($"{{\"subscription\": \"{subscription}\"}}"), "options");
        }

        return form;
    }

    private MultipartFormDataContent File(int number)
    {
        var seed = files[number / 3 % files.Count];
        var form = new MultipartFormDataContent { { new ByteArrayContent(seed.Bytes), seed.Modality == Modality.Image ? "image" : "audio", "file" } };
        if (number % 5 == 0)
        {
            form.Add(new StringContent("seven"), "text");
        }

        return form;
    }

    private async Task<string> PostAsync(HttpContent content, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var (outcome, _) = await PostForIdAsync(content, prepare, cancellationToken);
        return outcome;
    }

    private async Task<(string Outcome, string? Id)> PostForIdAsync(HttpContent content, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = content };
        prepare(request);
        using var response = await gateway.SendAsync(request, cancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        var detail = json.RootElement.TryGetProperty("code", out var code) ? code : json.RootElement.GetProperty("status");
        var id = json.RootElement.TryGetProperty("id", out var found) ? found.GetString() : null;
        return (string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {detail}"), id);
    }

    private async Task<string> PollAsync(int number, CancellationToken cancellationToken)
    {
        var (outcome, id) = await PostForIdAsync(File(number), _ => { }, cancellationToken);
        for (var attempt = 0; id is not null && attempt < 100; attempt++)
        {
            using var response = await gateway.GetAsync(new Uri($"v1/requests/{id}", UriKind.Relative), cancellationToken);
            if ((int)response.StatusCode == 200)
            {
                return "200";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }

        return outcome;
    }

    private async Task<string> FeedbackAsync(int number, CancellationToken cancellationToken)
    {
        var (outcome, id) = await PostForIdAsync(Text(number), Wait, cancellationToken);
        if (id is null)
        {
            return outcome;
        }

        using var response = await gateway.PostAsJsonAsync(new Uri($"v1/requests/{id}/feedback", UriKind.Relative), new { label = $"{number % 10}" }, cancellationToken);
        return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private async Task<string> CancelledAsync(int number, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(1 + (number % 40)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await PostAsync(File(number), Wait, either.Token);
    }

    private async Task<string> AmqpAsync(int number, CancellationToken cancellationToken)
    {
        await queue.SendAsync(Texts[number % Texts.Length], cancellationToken);
        return "sent";
    }

    private async Task<string> RepeatAsync(int number, CancellationToken cancellationToken)
    {
        var outcome = "";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            outcome = await PostAsync(
                Text(number), request => request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"soak-{number}")), cancellationToken);
        }

        return outcome;
    }

    private async Task<string> ErrorAsync(int number, CancellationToken cancellationToken) => (number / 12 % 4) switch
    {
        0 => await PostAsync(new StringContent("{\"text\": ", Encoding.UTF8, "application/json"), _ => { }, cancellationToken),
        1 => await PostAsync(new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "image", "x" } }, _ => { }, cancellationToken),
        2 => await PostAsync(
            new MultipartFormDataContent { { new ByteArrayContent(files[number % files.Count].Bytes[..^20]), "audio", "x" } }, _ => { }, cancellationToken),
        _ => await PostAsync(new StringContent("x", Encoding.UTF8, "text/csv"), _ => { }, cancellationToken),
    };

    /// <summary>Reads the stream of one request to its end, or leaves a stream that does not end.</summary>
    private async Task<string> StreamAsync(int number, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var (outcome, id) = await PostForIdAsync(Text(number), _ => { }, either.Token);
        if (id is null)
        {
            return outcome;
        }

        var address = number % 24 == 10 ? $"v1/requests/{id}/events" : "v1/events?subscription=default";
        using var response = await gateway.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (number % 24 == 10)
        {
            await response.Content.CopyToAsync(Stream.Null, either.Token);
        }

        return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }
}
