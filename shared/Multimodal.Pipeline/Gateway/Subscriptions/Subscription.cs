using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A tenant's subscription to the results of requests that name it in <c>options.subscription</c>. One row of the store.</summary>
internal sealed record Subscription
{
    /// <summary>30 days. The broker's <c>x-expires</c> allows at most 49.</summary>
    public const int MaxExpiresSeconds = 2_592_000;

    /// <summary>Largest maximum length of a client queue.</summary>
    public const int MaxMaxLength = 1_000_000;

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Its name, one word of a routing key.</summary>
    public required string Name { get; init; }

    /// <summary>How results reach the client, in kebab-case.</summary>
    public required string KindText { get; init; }

    /// <summary>The subscribed statuses, each between commas, in the order of <see cref="AnswerStatus"/>; empty for all.</summary>
    public required string StatusList { get; init; }

    /// <summary>Seconds without use until it expires.</summary>
    public required long ExpiresSeconds { get; init; }

    /// <summary>Maximum length of its queue; null for other kinds.</summary>
    public long? MaxLength { get; init; }

    /// <summary>The address of its webhook; null for other kinds.</summary>
    public string? Url { get; init; }

    /// <summary>The secret that signs webhook posts. Never returned to clients.</summary>
    public string? Secret { get; init; }

    /// <summary>Time of creation, in milliseconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it expires unless used, in milliseconds since 1970.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>How results reach the client.</summary>
    public SubscriptionKind Kind => JsonSerializer.Deserialize<SubscriptionKind>($"\"{KindText}\"", JsonFormat.Options);

    /// <summary>The subscribed statuses; empty for all.</summary>
    public IReadOnlyList<string> Statuses => StatusList.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the other subscription has the same settings. Times are ignored.</summary>
    public bool IsSameAs(Subscription other) => this == other with { CreatedAt = CreatedAt, ExpiresAt = ExpiresAt };
}
