using Multimodal.Pipeline.Gateway.Encodings;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>One body being received.</summary>
internal sealed class Upload : IDisposable
{
    private readonly UploadLimit _limit;
    private readonly CountingStream _body;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _evicted = new();
    private readonly Lock _lock = new();
    private bool _isEnded;

    /// <param name="limit">The owner.</param>
    /// <param name="body">The bytes received.</param>
    /// <param name="time">The clock.</param>
    public Upload(UploadLimit limit, CountingStream body, TimeProvider time) =>
        (_limit, _body, _time, _start) = (limit, body, time, time.GetTimestamp());

    /// <summary>Cancelled when a faster upload takes the place.</summary>
    public CancellationToken Evicted => _evicted.Token;

    /// <summary>Time since the upload began.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_start);

    /// <summary>The mean rate so far.</summary>
    public double BytesPerSecond => _body.Count / Math.Max(Age.TotalSeconds, 0.001);

    /// <summary>Ends the upload for a faster one. Does nothing if it has ended.</summary>
    public void Evict()
    {
        lock (_lock)
        {
            if (!_isEnded)
            {
                _evicted.Cancel();
            }
        }
    }

    public void Dispose()
    {
        _limit.Leave(this);
        lock (_lock)
        {
            _isEnded = true;
            _evicted.Dispose();
        }
    }
}
