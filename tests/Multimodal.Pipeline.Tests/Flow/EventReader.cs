using System.Net.ServerSentEvents;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Reads server-sent events with .NET's own parser.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly HttpResponseMessage _response;
    private readonly TappedStream _body;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _items;
    private Task<bool>? _next;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _body = new TappedStream(body);
        _parser = SseParser.Create(_body);
        _items = _parser.EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>The id to send when reconnecting.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>The comments received, which the parser drops.</summary>
    public IEnumerable<string> Comments => _body.Text.Split('\n').Where(line => line.StartsWith(": ", StringComparison.Ordinal)).Select(line => line[2..]);

    /// <summary>Opens a stream. The subscription is active when the task completes, because the response begins after that.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient http, string address, string? lastEventId = null)
    {
        using var request = Request(address, lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Timeout, TimeProvider.System);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var reader = new EventReader(response, await response.Content.ReadAsStreamAsync()) { LastEventId = lastEventId ?? "" };
        if (lastEventId is null && address.StartsWith("v1/events", StringComparison.Ordinal))
        {
            await reader.ReadPositionAsync();
        }

        return reader;
    }

    /// <summary>Requests a stream that the service refuses.</summary>
    public static async Task<Reply> RefusedAsync(HttpClient http, string address, string? lastEventId = null)
    {
        using var request = Request(address, lastEventId);
        using var response = await http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    /// <summary>Reads the next event; null at the end of the stream.</summary>
    public async Task<Event?> ReadAsync()
    {
        var next = _next ?? _items.MoveNextAsync().AsTask();
        _next = null;
        if (!await next.WaitAsync(Timeout, TimeProvider.System))
        {
            return null;
        }

        var item = _items.Current;
        LastEventId = item.EventId ?? LastEventId;
        return new Event(LastEventId, item.EventType, item.Data);
    }

    /// <summary>Reads the given number of events.</summary>
    public async Task<IReadOnlyList<Event>> ReadAsync(int count)
    {
        // Comments would keep a stream without further events open.
        var events = new List<Event>();
        var end = TimeProvider.System.GetUtcNow() + Timeout;
        while (events.Count < count && TimeProvider.System.GetUtcNow() < end
               && await ReadAsync().WaitAsync(Timeout, TimeProvider.System) is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public void Dispose()
    {
        _body.Dispose();
        _response.Dispose();
    }

    private static HttpRequestMessage Request(string address, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return request;
    }

    /// <summary>A new stream sends its position first, as an event without data. The parser stores the position and returns no event.</summary>
    private async Task ReadPositionAsync()
    {
        _next = _items.MoveNextAsync().AsTask();
        var end = TimeProvider.System.GetUtcNow() + Timeout;
        while (_parser.LastEventId.Length == 0 && TimeProvider.System.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        LastEventId = _parser.LastEventId;
        Assert.NotEmpty(LastEventId);
    }

    /// <summary>A received event.</summary>
    internal sealed record Event(string Id, string Type, string Data);
}
