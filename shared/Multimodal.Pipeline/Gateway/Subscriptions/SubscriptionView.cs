namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A subscription as clients read it. It names no host and no credentials: those a client has from its operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How results reach the client.</param>
/// <param name="Statuses">The statuses wanted; empty for all.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends unless it is used or posted again.</param>
/// <param name="ExpiresSeconds">Seconds without use after which it ends.</param>
/// <param name="Queue">Where to read, for the kind <c>queue</c>.</param>
/// <param name="Webhook">Where results are posted, for the kind <c>webhook</c>.</param>
/// <param name="Events">Where to read it as server-sent events, whichever kind it is.</param>
internal sealed record SubscriptionView(
    string Name, SubscriptionKind Kind, IReadOnlyList<string> Statuses, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, long ExpiresSeconds,
    ClientQueueView? Queue, WebhookView? Webhook, string Events);
