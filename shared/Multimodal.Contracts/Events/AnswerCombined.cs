using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>The answer to a request. A repeat carries the same message id, so a consumer can drop it.</summary>
public sealed record AnswerCombined : VersionedMessage
{
    /// <summary>The tenant that sent the request.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription named by the client.</summary>
    public required string Subscription { get; init; }

    /// <summary>The answer.</summary>
    public required FusedAnswer Answer { get; init; }

    /// <summary>The calibrated opinions that were fused, by expert. Feedback that arrives later learns from them.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Opinions { get; init; }

    /// <summary>The opinions of shadow experts that arrived in time. They did not influence the answer.</summary>
    public IReadOnlyList<ShadowOpinion> Shadows { get; init; } = [];

    /// <summary>The gateway process that accepted the request.</summary>
    public Guid Gateway { get; init; }

    /// <summary>Whether the request has payloads in the blob store, which the gateway deletes after recording the answer.</summary>
    public bool HasBlobs { get; init; } = true;

    /// <summary>The client's reply queue; null if the request came over HTTP or has no reply address.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
