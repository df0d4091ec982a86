namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>A delivery as clients read it.</summary>
/// <param name="Id">The request's id, which is also the <c>webhook-id</c>.</param>
/// <param name="Status">The result's status.</param>
/// <param name="State">State of the delivery.</param>
/// <param name="Tries">Number of attempts since it was recorded or retried.</param>
/// <param name="LastOutcome">HTTP status of the last attempt, or <c>timeout</c>, <c>connection-failed</c>, <c>target-not-allowed</c>,
/// <c>secret-unreadable</c>; null before the first.</param>
/// <param name="RecordedAt">When the result was recorded.</param>
/// <param name="NextTryAt">Time of the next attempt; null unless waiting.</param>
internal sealed record DeliveryView(
    Guid Id, string Status, DeliveryState State, long Tries, string? LastOutcome, DateTimeOffset RecordedAt, DateTimeOffset? NextTryAt);
