namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A subscription as clients read it. It contains no host and no credentials; clients get those from the operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How results reach the client.</param>
/// <param name="Statuses">The subscribed statuses; empty for all.</param>
/// <param name="CreatedAt">Time of creation.</param>
/// <param name="ExpiresAt">When it expires unless used or posted again.</param>
/// <param name="ExpiresSeconds">Seconds without use until it expires.</param>
/// <param name="Queue">The client queue, for the kind <c>queue</c>.</param>
/// <param name="Webhook">The webhook, for the kind <c>webhook</c>.</param>
/// <param name="Events">Where to read it as server-sent events; available for every kind.</param>
internal sealed record SubscriptionView(
    string Name, SubscriptionKind Kind, IReadOnlyList<string> Statuses, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, long ExpiresSeconds,
    ClientQueueView? Queue, WebhookView? Webhook, string Events);
