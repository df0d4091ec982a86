namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>One delivery as clients read it.</summary>
/// <param name="Id">The request's id, which is also the <c>webhook-id</c>.</param>
/// <param name="Status">The result's status.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tries">How often it was tried since it was recorded or retried.</param>
/// <param name="LastOutcome">The status of the last try, or <c>timeout</c>, <c>connection-failed</c>, <c>target-not-allowed</c>; null before the first.</param>
/// <param name="RecordedAt">When the result was recorded.</param>
/// <param name="NextTryAt">When it is tried next; null unless it is waiting.</param>
internal sealed record DeliveryView(
    Guid Id, string Status, DeliveryState State, long Tries, string? LastOutcome, DateTimeOffset RecordedAt, DateTimeOffset? NextTryAt);
