using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>An answer in the cache.</summary>
/// <param name="Answer">The answer that experts gave to an earlier request.</param>
/// <param name="Age">The time since it was recorded.</param>
internal readonly record struct CachedAnswer(FusedAnswer Answer, TimeSpan Age);
