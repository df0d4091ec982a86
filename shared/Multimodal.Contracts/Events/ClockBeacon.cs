using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>The service's time, sent by every gateway to all combiners and expert workers.</summary>
public sealed record ClockBeacon : VersionedMessage
{
    /// <summary>When the gateway sent it.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>How far the reference moved within the last ten seconds; positive is forward. Null if it did not.</summary>
    public double? SteppedSeconds { get; init; }
}
