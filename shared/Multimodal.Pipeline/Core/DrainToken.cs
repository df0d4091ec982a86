using Microsoft.Extensions.Hosting;

namespace Multimodal.Pipeline.Core;

/// <summary>
/// Bounds a shutdown. When the host begins to stop, the process is no longer ready; after the drain time <see cref="Token"/> is cancelled, and
/// whatever still waits gives up.
/// </summary>
internal sealed class DrainToken : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _stopping;
    private readonly TimeProvider _time;
    private long _stoppedAt;

    /// <param name="lifetime">Says when the shutdown begins.</param>
    /// <param name="readiness">Closed when it begins.</param>
    /// <param name="drain">How long work in progress may take after that.</param>
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
