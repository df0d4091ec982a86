using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Commands;

/// <summary>
/// Asks a combiner to carry out one request's plan: ask the experts, fuse their opinions, publish the answer by the deadline.
/// The gateway sends it to one of the competing combiners, and sends it again if it may have been lost, so handling it is idempotent.
/// </summary>
public sealed record Fuse : VersionedMessage
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The tenant that sent the request.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription that gets the result; <c>default</c> if the request names none.</summary>
    public required string Subscription { get; init; }

    /// <summary>The ensemble that answers.</summary>
    public required string Ensemble { get; init; }

    /// <summary>The media, at most one part per modality.</summary>
    public required IReadOnlyList<MediaPart> Parts { get; init; }

    /// <summary>The plan that the gate made.</summary>
    public required ExecutionPlan Plan { get; init; }

    /// <summary>The priority, which selects the queues of the request's messages.</summary>
    public Priority Priority { get; init; }

    /// <summary>When the gateway accepted the request.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When the answer is due, even if some experts have not replied.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>
    /// The gateway process that accepted it, where the client may be waiting. A random id after that process has restarted.
    /// </summary>
    public Guid Gateway { get; init; }

    /// <summary>The W3C trace context in which it was accepted, so that a retry belongs to the same trace; null without tracing.</summary>
    public string? TraceContext { get; init; }

    /// <summary>The client's reply queue; null if the request came over HTTP or has no reply address.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
