using System.Text.Json.Serialization;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

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
