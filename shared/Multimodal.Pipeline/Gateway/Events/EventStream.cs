using System.Text;
using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>
/// Writes server-sent events (HTML Living Standard, section 9.2). Nothing is kept for a client that does not read: the next is fetched
/// when the last was taken, and a client that takes too long is cut off, to come back with the id it has.
/// </summary>
/// <param name="response">Where to write.</param>
/// <param name="patience">How long a client may take to read what was written.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(HttpResponse response, TimeSpan patience, TimeProvider time)
{
    private const int RetryMs = 2000;
    private readonly StringBuilder _text = new();

    /// <summary>Begins the stream.</summary>
    /// <param name="id">The id that the client sends when it comes back before any event; null for none.</param>
    public void Begin(string? id)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        // Reverse proxies of the nginx kind would otherwise keep events back.
        response.Headers["X-Accel-Buffering"] = "no";
        _text.Append("retry: ").Append(RetryMs).Append('\n');
        if (id is not null)
        {
            _text.Append("id: ").Append(id).Append('\n');
        }

        _text.Append('\n');
    }

    /// <summary>Adds an event.</summary>
    /// <param name="id">Its id; null leaves the last one in force.</param>
    /// <param name="type">Its type.</param>
    /// <param name="data">One line.</param>
    public void Add(string? id, string type, string data)
    {
        if (id is not null)
        {
            _text.Append("id: ").Append(id).Append('\n');
        }

        _text.Append("event: ").Append(type).Append("\ndata: ").Append(data).Append("\n\n");
    }

    /// <summary>Adds a line that clients ignore.</summary>
    public void AddComment(string comment) => _text.Append(": ").Append(comment).Append("\n\n");

    /// <summary>Sends what was added, whole: a process that stops waits for it.</summary>
    /// <returns>False when the client did not read in time and was cut off.</returns>
    public async Task<bool> FlushAsync()
    {
        using var slow = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, response.HttpContext.RequestAborted);
        try
        {
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(_text.ToString()), either.Token);
            await response.Body.FlushAsync(either.Token);
            _text.Clear();
            return true;
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            response.HttpContext.Abort();
            return false;
        }
    }
}
