namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>
/// A token bucket without a timer (generic cell rate algorithm). Its only state is the time at which the bucket is full again. The
/// framework's rate limiters use their own clock and do not report when the next token is available (decision 0104).
/// </summary>
/// <param name="perSecond">Tokens added per second, above 0.</param>
/// <param name="burst">Capacity of the bucket, at least 1. It starts full.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRate(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly long _interval = Math.Max(1, (long)(TimeSpan.TicksPerSecond / perSecond));
    private long _fullAt;

    /// <summary>Takes a token.</summary>
    /// <param name="wait">Time until the next token; zero if one was taken.</param>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start).Ticks;
            var fullAt = Math.Max(_fullAt, now);
            wait = TimeSpan.FromTicks(Math.Max(0, fullAt - now - ((burst - 1) * _interval)));
            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            _fullAt = fullAt + _interval;
            return true;
        }
    }
}
