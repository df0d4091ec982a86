using System.Text;
using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>
/// Writes server-sent events (HTML Living Standard, section 9.2). Nothing is buffered for a slow client: the next events are read after the
/// client has taken the last ones. The stream of a client that takes too long is closed; the client resumes with its last id.
/// </summary>
/// <param name="response">The response to write to.</param>
/// <param name="timeout">How long the client may take to read what was written.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(HttpResponse response, TimeSpan timeout, TimeProvider time)
{
    private const int RetryMs = 2000;
    private readonly StringBuilder _text = new();

    /// <summary>Starts the stream.</summary>
    /// <param name="id">The id that the client sends if it reconnects before any event; null for none.</param>
    public void Begin(string? id)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        // Otherwise nginx and similar reverse proxies buffer events.
        response.Headers["X-Accel-Buffering"] = "no";
        _text.Append("retry: ").Append(RetryMs).Append('\n');
        if (id is not null)
        {
            _text.Append("id: ").Append(id).Append('\n');
        }

        _text.Append('\n');
    }

    /// <summary>Adds an event.</summary>
    /// <param name="id">Its id; null keeps the last one.</param>
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

    /// <summary>Writes everything that was added. Not cancelled by shutdown, so that no event is cut in half.</summary>
    /// <returns>False if the client did not read in time and was disconnected.</returns>
    public async Task<bool> FlushAsync()
    {
        using var slow = new CancellationTokenSource(timeout, time);
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
