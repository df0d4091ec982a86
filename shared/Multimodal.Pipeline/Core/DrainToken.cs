using Microsoft.Extensions.Hosting;

namespace Multimodal.Pipeline.Core;

/// <summary>
/// Limits the duration of a shutdown. When the host begins to stop, the process stops being ready. After the drain time
/// <see cref="Token"/> is cancelled, which ends all remaining waits.
/// </summary>
internal sealed class DrainToken : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _stopping;
    private readonly TimeProvider _time;
    private long _stoppedAt;

    /// <param name="lifetime">Signals the start of the shutdown.</param>
    /// <param name="readiness">Closed when the shutdown begins.</param>
    /// <param name="drain">The drain time: how long work in progress may take.</param>
    /// <param name="time">The clock.</param>
    public DrainToken(IHostApplicationLifetime lifetime, Readiness readiness, TimeSpan drain, TimeProvider time)
    {
        _time = time;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() =>
        {
            _stoppedAt = time.GetTimestamp();
            readiness.Close();
            _source.CancelAfter(drain);
        });
    }

    /// <summary>Cancelled when the drain time is over.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the drain time is over.</summary>
    public bool IsOver => _source.IsCancellationRequested;

    /// <summary>Time since the shutdown began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_stoppedAt);

    public void Dispose()
    {
        _stopping.Dispose();
        _source.Dispose();
    }
}
