namespace Multimodal.Pipeline.Clock;

/// <summary>
/// The service's time: the system clock at the start of the process, advanced by the monotonic clock, and corrected by measurements against the
/// reference. The reference is the database server; with a database file, it is the gateway's own system clock. All processes thus
/// agree on deadlines, whatever their system clocks show. Thread-safe.
/// </summary>
/// <param name="system">The clocks of the host.</param>
internal sealed class ServiceClock(TimeProvider system) : TimeProvider
{
    private Anchor _anchor = new(system.GetUtcNow(), system.GetTimestamp());

    /// <summary>The system clock minus the service's time. It is positive if the system clock is ahead.</summary>
    public TimeSpan Skew => system.GetUtcNow() - GetUtcNow();

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override long TimestampFrequency => system.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = Volatile.Read(ref _anchor);
        return anchor.Utc + system.GetElapsedTime(anchor.Timestamp);
    }

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>Moves the service's time.</summary>
    /// <param name="by">The correction; positive moves the time forward.</param>
    public void Correct(TimeSpan by)
    {
        var timestamp = system.GetTimestamp();
        Volatile.Write(ref _anchor, new Anchor(GetUtcNow() + by, timestamp));
    }

    private sealed record Anchor(DateTimeOffset Utc, long Timestamp);
}
