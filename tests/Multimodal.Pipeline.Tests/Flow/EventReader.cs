using System.Text;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Reads server-sent events as a browser does.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body, Encoding.UTF8);
    }

    /// <summary>The id that is sent when coming back.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Comments that came.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>Opens a stream; it is in force when this ends.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient http, string address, string? lastEventId = null)
    {
        using var request = Request(address, lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience, TimeProvider.System);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var reader = new EventReader(response, await response.Content.ReadAsStreamAsync()) { LastEventId = lastEventId ?? "" };
        if (address.StartsWith("v1/events", StringComparison.Ordinal))
        {
            // Its position comes before any event.
            await reader.ReadBlockAsync();
        }

        return reader;
    }

    /// <summary>Asks for a stream that is refused.</summary>
    public static async Task<Reply> RefusedAsync(HttpClient http, string address, string? lastEventId = null)
    {
        using var request = Request(address, lastEventId);
        using var response = await http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<Event?> ReadAsync()
    {
        while (await ReadBlockAsync() is { } read)
        {
            if (read.Data.Length > 0)
            {
                return read;
            }
        }

        return null;
    }

    /// <summary>The next so many events.</summary>
    public async Task<IReadOnlyList<Event>> ReadAsync(int count)
    {
        // Comments keep a stream alive that brings nothing more.
        var events = new List<Event>();
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (events.Count < count && TimeProvider.System.GetUtcNow() < end && await ReadAsync().WaitAsync(Patience, TimeProvider.System) is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
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

    /// <summary>Lines up to an empty one.</summary>
    private async Task<Event?> ReadBlockAsync()
    {
        var (type, data, isAny) = ("message", "", false);
        while (await _reader.ReadLineAsync().WaitAsync(Patience, TimeProvider.System) is { } line)
        {
            if (line.Length == 0 && isAny)
            {
                return new Event(LastEventId, type, data);
            }

            isAny = true;
            var (field, value) = line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? (line[..colon], line[(colon + 2)..]) : (line, "");
            switch (field)
            {
                case "id":
                    LastEventId = value;
                    break;
                case "event":
                    type = value;
                    break;
                case "data":
                    data += value;
                    break;
                case "":
                    Comments.Add(value);
                    break;
            }
        }

        return null;
    }

    /// <summary>What came.</summary>
    internal sealed record Event(string Id, string Type, string Data);
}
