using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Limits the large bodies that are received at the same time. A body takes no admission slot before it is complete. If all places are taken, a new
/// upload takes the place of the slowest one, unless that one is fast enough: slow clients thus cannot lock out others. Small bodies need no place.
/// Thread-safe.
/// </summary>
internal sealed class UploadLimit(HttpOptions options, TimeProvider time)
{
    /// <summary>A younger upload keeps its place, because its rate is not known yet.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Upload> _running = [];

    /// <summary>The number of large bodies being received.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Begins to receive a body. Dispose the upload when the body is complete.</summary>
    /// <returns>Null if all places are taken by fast uploads.</returns>
    public Upload? TryEnter(HttpRequest request)
    {
        // A compressed body is counted as it arrives, and may become large however small it is.
        var compressed = request.HttpContext.Features.Get<CountingStream>();
        var received = compressed ?? new CountingStream(request.Body);
        var upload = new Upload(this, received, time);
        request.Body = compressed is null ? received : request.Body;
        if (compressed is null && request.ContentLength <= options.SmallBodyBytes)
        {
            return upload;
        }

        Upload? evicted = null;
        lock (_lock)
        {
            if (_running.Count >= options.MaxUploads)
            {
                evicted = _running.Where(running => running.Age >= MinAge).MinBy(running => running.BytesPerSecond);
                if (evicted is null || evicted.BytesPerSecond >= options.YieldBytesPerSecond)
                {
                    return null;
                }

                _running.Remove(evicted);
            }

            _running.Add(upload);
        }

        evicted?.Evict();
        return upload;
    }

    internal void Leave(Upload upload)
    {
        lock (_lock)
        {
            _running.Remove(upload);
        }
    }
}
