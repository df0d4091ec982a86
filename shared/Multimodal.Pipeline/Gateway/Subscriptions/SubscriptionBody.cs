using System.Text.Json.Serialization;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A new subscription as clients send it.</summary>
/// <param name="Name">1 to 100 ASCII letters, digits, - and _; requests name it in <c>options.subscription</c>.</param>
/// <param name="Kind">How results reach the client.</param>
/// <param name="Statuses">The subscribed statuses; all if omitted.</param>
/// <param name="ExpiresSeconds">Seconds without use until it expires.</param>
/// <param name="MaxLength">Maximum length of the queue; beyond it the broker drops the oldest messages.</param>
/// <param name="Url">The address of a webhook.</param>
/// <param name="Secret">The secret that signs a webhook's posts: <c>whsec_</c> and the base64 of 24 to 64 random bytes.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionBody(
    string? Name = null,
    SubscriptionKind? Kind = null,
    IReadOnlyList<AnswerStatus>? Statuses = null,
    int? ExpiresSeconds = null,
    int? MaxLength = null,
    string? Url = null,
    string? Secret = null);
