using System.Text.Json;
using System.Text.Json.Serialization;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Subscriptions;

/// <summary>How the results of a subscription reach the client.</summary>
internal enum SubscriptionKind
{
    /// <summary>A durable queue of its own on the broker.</summary>
    Queue,

    /// <summary>Posted to an address of the client.</summary>
    Webhook,

    /// <summary>Read as server-sent events; which every subscription can be too.</summary>
    Events,
}

/// <summary>
/// What a tenant wants to hear of: the results of requests that name the subscription in <c>options.subscription</c>. One row of
/// the store.
/// </summary>
internal sealed record Subscription
{
    /// <summary>30 days; what the broker can count as <c>x-expires</c> ends at 49.</summary>
    public const int MaxExpiresSeconds = 2_592_000;

    /// <summary>The most messages that a client queue can be made for.</summary>
    public const int MaxMaxLength = 1_000_000;

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Its name, one word of a routing key.</summary>
    public required string Name { get; init; }

    /// <summary>How results reach the client, in kebab-case.</summary>
    public required string KindText { get; init; }

    /// <summary>The statuses wanted, each between commas in the order of <see cref="AnswerStatus"/>; empty for all.</summary>
    public required string StatusList { get; init; }

    /// <summary>Seconds without use after which it ends.</summary>
    public required long ExpiresSeconds { get; init; }

    /// <summary>Messages that its queue holds; null for another kind.</summary>
    public long? MaxLength { get; init; }

    /// <summary>Where to post results; null for another kind.</summary>
    public string? Url { get; init; }

    /// <summary>What to sign them with; never given back.</summary>
    public string? Secret { get; init; }

    /// <summary>When it was made, milliseconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it ends unless it is used, milliseconds since 1970.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>How results reach the client.</summary>
    public SubscriptionKind Kind => JsonSerializer.Deserialize<SubscriptionKind>($"\"{KindText}\"", JsonFormat.Options);

    /// <summary>The statuses wanted; empty for all.</summary>
    public IReadOnlyList<string> Statuses => StatusList.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the other one asks for the same, whenever it was made.</summary>
    public bool IsSameAs(Subscription other) => this == other with { CreatedAt = CreatedAt, ExpiresAt = ExpiresAt };
}

/// <summary>What a client sends to subscribe.</summary>
/// <param name="Name">1 to 100 ASCII letters, digits, - and _; requests name it in <c>options.subscription</c>.</param>
/// <param name="Kind">How results reach the client.</param>
/// <param name="Statuses">The statuses wanted; all when left out.</param>
/// <param name="ExpiresSeconds">Seconds without use after which it ends.</param>
/// <param name="MaxLength">Messages that the queue holds; beyond that the oldest are dropped.</param>
/// <param name="Url">Where to post results, for a webhook.</param>
/// <param name="Secret">What to sign them with, for a webhook: <c>whsec_</c> and the base64 of 24 to 64 random bytes.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionBody(
    string? Name = null,
    SubscriptionKind? Kind = null,
    IReadOnlyList<AnswerStatus>? Statuses = null,
    int? ExpiresSeconds = null,
    int? MaxLength = null,
    string? Url = null,
    string? Secret = null);

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

/// <summary>A client's queue on the broker.</summary>
/// <param name="Name">The queue to consume.</param>
/// <param name="Exchange">The exchange that it is bound to.</param>
/// <param name="RoutingKeys">The patterns that it is bound with: <c>tenant.subscription.status</c>.</param>
/// <param name="MaxLength">Messages that it holds.</param>
/// <param name="Overflow">What happens beyond that: <c>drop-head</c>, the oldest go.</param>
internal sealed record ClientQueueView(string Name, string Exchange, IReadOnlyList<string> RoutingKeys, long MaxLength, string Overflow);

/// <summary>A webhook.</summary>
/// <param name="Url">Where results are posted.</param>
internal sealed record WebhookView(string Url);
