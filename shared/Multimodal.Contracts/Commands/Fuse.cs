using Multimodal.Contracts.Values;

namespace Multimodal.Contracts.Commands;

/// <summary>
/// Carry out one request's plan: ask the experts, fuse what they say, publish the answer by the deadline.
/// Sent by the gateway to one competing combiner; sent again whenever it may have been lost, so handling it twice is harmless.
/// </summary>
public sealed record Fuse
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Whose request it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Name under which the client subscribes to results; <c>default</c> when it named none.</summary>
    public required string Subscription { get; init; }

    /// <summary>The ensemble that answers.</summary>
    public required string Ensemble { get; init; }

    /// <summary>The media, at most one part per modality.</summary>
    public required IReadOnlyList<MediaPart> Parts { get; init; }

    /// <summary>What the gate decided.</summary>
    public required ExecutionPlan Plan { get; init; }

    /// <summary>Whose queues its messages take.</summary>
    public Priority Priority { get; init; }

    /// <summary>When the gateway accepted the request.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When the answer is due, complete or not.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The gateway process that accepted it, where its client may be waiting. Random when it is gone.</summary>
    public Guid Gateway { get; init; }

    /// <summary>The W3C trace context in which it was accepted, so that a later sending belongs to the same trace; null when nobody traced.</summary>
    public string? TraceContext { get; init; }

    /// <summary>Where the client wants the answer too; null when it asked by HTTP or did not say.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
