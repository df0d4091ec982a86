namespace Multimodal.Pipeline.Webhooks;

/// <summary>Where the delivery of one result to one webhook stands.</summary>
internal enum DeliveryState
{
    /// <summary>It is tried, for the first time or again.</summary>
    Waiting,

    /// <summary>The receiver has accepted it.</summary>
    Delivered,

    /// <summary>It was tried as often as configured, in vain.</summary>
    Failed,
}

/// <summary>A result that is due to be posted, as read from the store.</summary>
internal sealed class DueDelivery
{
    /// <summary>Whose subscription it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The request's id as stored.</summary>
    public required string RequestIdText { get; init; }

    /// <summary>How often it was tried; with <see cref="DueAt"/> what a claim compares.</summary>
    public required long Tries { get; init; }

    /// <summary>When it was due, milliseconds since 1970.</summary>
    public required long DueAt { get; init; }

    /// <summary>Where to post it.</summary>
    public required string Url { get; init; }

    /// <summary>What to sign it with.</summary>
    public required string Secret { get; init; }

    /// <summary>The result as clients read it.</summary>
    public required string Result { get; init; }

    /// <summary>Whose result it is.</summary>
    public Guid RequestId => Guid.ParseExact(RequestIdText, "n");
}

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

/// <summary>Some deliveries, the oldest request first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="Next">What to send as <c>after</c> for more; null when there are no more.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, Guid? Next);
