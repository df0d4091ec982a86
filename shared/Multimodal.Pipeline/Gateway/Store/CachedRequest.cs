using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>A request that is answered with the stored answer to an earlier one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The id of the earlier request.</param>
internal sealed record CachedRequest(Guid Id, Guid From)
{
    /// <summary>The tenant of both requests.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription that gets the result.</summary>
    public required string Subscription { get; init; }

    /// <summary>The client's idempotency key; null if it sent none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Digest of parts and options.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>When the intake began.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The answer as clients read it.</summary>
    public required string Result { get; init; }

    /// <summary>The status of the answer.</summary>
    public required AnswerStatus Status { get; init; }
}
