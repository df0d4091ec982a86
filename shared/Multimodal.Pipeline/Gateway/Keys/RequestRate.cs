namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>
/// A token bucket without a timer (the generic cell rate algorithm): all there is to remember is when the bucket will be full again.
/// The framework's limiters keep a clock of their own, and do not say when the next token is there (decision 0104).
/// </summary>
/// <param name="perSecond">Tokens per second, above 0.</param>
/// <param name="burst">Tokens that the bucket holds, at least 1; it starts full.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRate(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly long _interval = Math.Max(1, (long)(TimeSpan.TicksPerSecond / perSecond));
    private long _fullAt;

    /// <summary>Takes a token.</summary>
    /// <param name="wait">How long until there is one; zero when one was taken.</param>
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
