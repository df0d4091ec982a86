using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Limits the large bodies that are received at the same time. A body takes no admission slot before it is complete, and needs no permit before
/// its rate is known. If all permits are taken, the slowest body yields its permit to a faster one, so slow clients cannot lock out others. Small
/// bodies need no permit. The memory of all bodies together is limited too, because a compressed body of a few hundred bytes becomes large.
/// Thread-safe.
/// </summary>
internal sealed class UploadLimit(HttpOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Upload> _permitted = [];
    private long _bytes;

    /// <summary>The number of large bodies being received.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _permitted.Count;
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

    /// <summary>Gives a permit to a body that has exceeded the size of a small one. Without a free permit, stops the slower of two bodies.</summary>
    internal void Permit(Upload upload)
    {
        var (rate, ended, end) = (upload.BytesPerSecond, upload, UploadEnd.None);
        lock (_lock)
        {
            var slowest = _permitted.Count < options.MaxUploads ? null : _permitted.MinBy(permitted => permitted.BytesPerSecond)!;
            if (slowest is null || slowest.BytesPerSecond < Math.Min(rate, options.YieldBytesPerSecond))
            {
                _permitted.Add(upload);
                if (slowest is not null)
                {
                    _permitted.Remove(slowest);
                    (ended, end) = (slowest, UploadEnd.Yielded);
                }
            }
            else
            {
                end = rate < options.YieldBytesPerSecond ? UploadEnd.Yielded : UploadEnd.NoPermit;
            }
        }

        if (end != UploadEnd.None)
        {
            ended.Stop(end);
        }
    }

    /// <summary>Counts bytes that a body holds in memory.</summary>
    /// <returns>Whether all bodies together are within the limit.</returns>
    internal bool Hold(long bytes) => Interlocked.Add(ref _bytes, bytes) <= options.UploadMemoryBytes;

    /// <summary>Ends an upload.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="bytes">The bytes that it held.</param>
    internal void Leave(Upload upload, long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        lock (_lock)
        {
            _permitted.Remove(upload);
        }
    }
}
