using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Encodings;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>One body being received.</summary>
internal sealed class Upload : IDisposable
{
    private readonly UploadLimit _limit;
    private readonly CountingStream _body;
    private readonly CountingStream _received;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _lock = new();
    private bool _isLarge;
    private bool _isDisposed;
    private long _held;

    /// <param name="limit">The owner.</param>
    /// <param name="request">The request.</param>
    /// <param name="smallBytes">Bytes after which the body needs a permit.</param>
    /// <param name="time">The clock.</param>
    public Upload(UploadLimit limit, HttpRequest request, int smallBytes, TimeProvider time)
    {
        (_limit, _time, _start) = (limit, time, time.GetTimestamp());
        _body = new CountingStream(request.Body, count => Counted(count, smallBytes));

        // A compressed body is as large as it becomes, and as fast as it arrives.
        _received = request.HttpContext.Features.Get<CountingStream>() ?? _body;
    }

    /// <summary>The body, whose bytes are counted.</summary>
    public Stream Body => _body;

    /// <summary>Cancelled when the gateway stops receiving the body; see <see cref="End"/>.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Why the gateway stopped receiving the body.</summary>
    public UploadEnd End { get; private set; }

    /// <summary>The mean rate so far.</summary>
    public double BytesPerSecond => _received.Count / Math.Max(_time.GetElapsedTime(_start).TotalSeconds, 0.001);

    /// <summary>Stops receiving. Does nothing if the upload has ended.</summary>
    public void Stop(UploadEnd end)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                End = end;
                _stopped.Cancel();
            }
        }
    }

    public void Dispose()
    {
        _limit.Leave(this, _held);
        lock (_lock)
        {
            _isDisposed = true;
            _stopped.Dispose();
        }
    }

    private void Counted(long count, int smallBytes)
    {
        var isWithin = _limit.Hold(count - _held);
        _held = count;
        if (!_isLarge && count > smallBytes)
        {
            _isLarge = true;
            _limit.Permit(this);
        }

        if (_isLarge && !isWithin)
        {
            Stop(UploadEnd.NoPermit);
        }
    }
}
