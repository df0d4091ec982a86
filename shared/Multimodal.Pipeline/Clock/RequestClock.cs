namespace Multimodal.Pipeline.Clock;

/// <summary>
/// The service's time for the handling of one request: read once, then advanced by the monotonic clock. A correction of the service's time thus
/// does not shorten or lengthen a wait in progress.
/// </summary>
internal readonly struct RequestClock(TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    /// <summary>The current time.</summary>
    public DateTimeOffset Now => _start + time.GetElapsedTime(_timestamp);
}
