using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Limits the large bodies that are received at the same time. A body takes no admission slot before it is complete, and no place before its rate is
/// known. If all places are taken, the slowest body yields to a faster one: slow clients thus cannot lock out others. Small bodies need no place.
/// Thread-safe.
/// </summary>
internal sealed class UploadLimit(HttpOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Upload> _placed = [];

    /// <summary>The number of large bodies being received.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _placed.Count;
            }
        }
    }

    /// <summary>Begins to receive a body. Dispose the upload when the body is complete.</summary>
    public Upload Begin(HttpRequest request)
    {
        var upload = new Upload(this, request, options.SmallBodyBytes, time);
        request.Body = upload.Body;
        return upload;
    }

    /// <summary>Takes a place for a body that is no longer small, or ends it.</summary>
    internal void Place(Upload upload)
    {
        var (rate, ended, end) = (upload.BytesPerSecond, upload, UploadEnd.None);
        lock (_lock)
        {
            var slowest = _placed.Count < options.MaxUploads ? null : _placed.MinBy(placed => placed.BytesPerSecond)!;
            if (slowest is null || slowest.BytesPerSecond < Math.Min(rate, options.YieldBytesPerSecond))
            {
                _placed.Add(upload);
                if (slowest is not null)
                {
                    _placed.Remove(slowest);
                    (ended, end) = (slowest, UploadEnd.Yielded);
                }
            }
            else
            {
                end = rate < options.YieldBytesPerSecond ? UploadEnd.Yielded : UploadEnd.NoPlace;
            }
        }

        if (end != UploadEnd.None)
        {
            ended.Stop(end);
        }
    }

    internal void Leave(Upload upload)
    {
        lock (_lock)
        {
            _placed.Remove(upload);
        }
    }
}
