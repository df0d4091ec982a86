namespace Multimodal.Testing;

/// <summary>The clocks of a host whose system clock is wrong. The monotonic clock and timers are right.</summary>
/// <param name="shift">The system clock minus the right time.</param>
public sealed class ShiftedTimeProvider(TimeSpan shift) : TimeProvider
{
    /// <summary>The system clock minus the right time. Setting it steps the system clock.</summary>
    public TimeSpan Shift { get; set; } = shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
