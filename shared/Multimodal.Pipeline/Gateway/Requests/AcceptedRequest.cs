using Multimodal.Pipeline.Gateway.Caching;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>An accepted request.</summary>
/// <param name="Id">Its id; for a repeat, the id of the earlier request.</param>
/// <param name="Result">The result of a repeat that already has one, or from the cache; else null.</param>
/// <param name="IsReplay">Whether an earlier call with the same idempotency key was accepted.</param>
internal sealed record AcceptedRequest(Guid Id, string? Result, bool IsReplay)
{
    /// <summary>What the cache did, for the client.</summary>
    public CacheStatus Cache { get; init; }
}
