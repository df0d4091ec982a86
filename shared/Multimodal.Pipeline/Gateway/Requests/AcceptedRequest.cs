namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>An accepted request.</summary>
/// <param name="Id">Its id; the earlier one's for a replay.</param>
/// <param name="Result">Its result, if a replay has one already.</param>
/// <param name="IsReplay">Whether it was accepted by an earlier call with the same idempotency key.</param>
internal sealed record AcceptedRequest(Guid Id, string? Result, bool IsReplay);
