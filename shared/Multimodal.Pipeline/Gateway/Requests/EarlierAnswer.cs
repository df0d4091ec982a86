using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>What is known about a request before it is planned.</summary>
/// <param name="Accepted">The repeated or answered request, or its refusal; null if experts must be asked.</param>
/// <param name="Cache">What the cache did.</param>
/// <param name="Key">The key under which the cache keeps the answer of the experts; null for none.</param>
internal readonly record struct EarlierAnswer(Outcome<AcceptedRequest>? Accepted, CacheOutcome Cache = CacheOutcome.Off, string? Key = null);
