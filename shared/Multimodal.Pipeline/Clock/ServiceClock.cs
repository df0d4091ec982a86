namespace Multimodal.Pipeline.Clock;

/// <summary>
/// The service's time: the system clock at the start of the process, advanced by the monotonic clock, and corrected by measurements against the
/// reference. The reference is the database server; with a database file, it is the gateway's own system clock. All processes thus
/// agree on deadlines, whatever their system clocks show. Thread-safe.
/// </summary>
/// <param name="system">The clocks of the host.</param>
internal sealed class ServiceClock(TimeProvider system) : TimeProvider
{
    /// <summary>No deadline is further away, so after this time no message from before a step is in transit.</summary>
    private static readonly TimeSpan MaxTransit = TimeSpan.FromMinutes(2);

    /// <summary>A smaller correction does not make a message late.</summary>
    private static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(250);

    private Anchor _anchor = new(system.GetUtcNow(), system.GetTimestamp());
    private Step? _step;

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
        if (by > MinStep)
        {
            Volatile.Write(ref _step, new Step(by, timestamp));
        }

        var anchor = Volatile.Read(ref _anchor);
        Volatile.Write(ref _anchor, new Anchor(anchor.Utc + system.GetElapsedTime(anchor.Timestamp, timestamp) + by, timestamp));
    }

    /// <summary>
    /// Converts the deadline of a message that was possibly sent before the time moved forward. Without this, a step of the reference would make
    /// every message in transit late.
    /// </summary>
    /// <returns>The deadline, later by the step if it has passed only because of the step.</returns>
    public DateTimeOffset Adjust(DateTimeOffset deadline)
    {
        var now = GetUtcNow();
        return deadline <= now && Volatile.Read(ref _step) is { } step && system.GetElapsedTime(step.Timestamp) < MaxTransit && deadline + step.By > now
            ? deadline + step.By
            : deadline;
    }

    private sealed record Anchor(DateTimeOffset Utc, long Timestamp);

    private sealed record Step(TimeSpan By, long Timestamp);
}
