using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A request on its way in, over HTTP or AMQP.</summary>
/// <param name="Id">The id to give it.</param>
/// <param name="Tenant">The tenant that it belongs to.</param>
/// <param name="Submission">What the client sent.</param>
internal sealed record IncomingRequest(Guid Id, string Tenant, Submission Submission)
{
    /// <summary>The client's idempotency key; null if it sent none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Where the client wants the answer as well; null for nowhere.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
