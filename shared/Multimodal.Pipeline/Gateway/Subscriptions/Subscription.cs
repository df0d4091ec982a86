using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

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
