namespace Multimodal.Contracts.Values;

/// <summary>The origin of an answer that the gateway returned from its cache.</summary>
/// <param name="From">The id of the earlier request that the experts answered.</param>
/// <param name="AgeMs">Milliseconds since that answer was recorded.</param>
public sealed record CacheReport(Guid From, long AgeMs);
