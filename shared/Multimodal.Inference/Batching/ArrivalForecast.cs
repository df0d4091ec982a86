namespace Multimodal.Inference.Batching;

/// <summary>
/// Predicts how many items arrive shortly after a batch could close, from how many did the last times. Not thread-safe.
/// </summary>
/// <remarks>
/// The window is shorter than a run. A client that sends its next item after its answer is therefore not counted as its own company, and
/// its items never wait.
/// </remarks>
internal sealed class ArrivalForecast(TimeProvider time)
{
    private double _mean;
    private bool _isOpen;
    private long _start;
    private TimeSpan _window;
    private int _arrived;

    /// <summary>Number of items expected in a window.</summary>
    public int Expected => (int)Math.Round(_mean, MidpointRounding.AwayFromZero);

    /// <summary>Whether fewer items than expected have arrived since the window began.</summary>
    public bool IsWaiting => _arrived < Expected;

    /// <summary>Begins a window when a batch can close.</summary>
    public void Begin(long timestamp, TimeSpan window)
    {
        End();
        (_isOpen, _start, _window, _arrived) = (true, timestamp, window, 0);
    }

    /// <summary>Counts an item. Items count until the end of the window, whether or not the batch has closed before.</summary>
    public void Add(long timestamp)
    {
        if (Left(timestamp) > TimeSpan.Zero)
        {
            _arrived++;
        }
    }

    /// <summary>The time until the window ends; not positive if it has ended.</summary>
    public TimeSpan Left(long timestamp) => _window - time.GetElapsedTime(_start, timestamp);

    private void End()
    {
        if (_isOpen)
        {
            // Half of the weight is on the last window, so that waiting stops soon after the load does.
            _mean = (_mean + _arrived) / 2;
        }
    }
}
