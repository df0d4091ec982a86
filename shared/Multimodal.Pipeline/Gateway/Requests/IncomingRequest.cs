using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Caching;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A request that the gateway received over HTTP or AMQP.</summary>
/// <param name="Id">The id that it gets.</param>
/// <param name="Tenant">The tenant that it belongs to.</param>
/// <param name="Submission">What the client sent.</param>
internal sealed record IncomingRequest(Guid Id, string Tenant, Submission Submission)
{
    /// <summary>The client's idempotency key; null if it sent none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What the client allows the cache.</summary>
    public CacheDirectives Cache { get; init; }

    /// <summary>The AMQP reply address; null for none.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
