using Multimodal.Bench.Profile;

namespace Multimodal.Bench.Caching;

/// <summary>What a request costs with and without an answer in the cache.</summary>
/// <param name="Request">The type of request.</param>
/// <param name="MissMs">Processor milliseconds of the service if experts answer.</param>
/// <param name="HitMs">Processor milliseconds of the service if the cache answers.</param>
/// <param name="BareMs">Processor milliseconds of the bare program, which reads the same body, writes one row and responds.</param>
internal sealed record CacheCost(ProfiledRequest Request, double MissMs, double HitMs, double BareMs)
{
    /// <summary>Wall-clock milliseconds of a miss; the median.</summary>
    public required double MissP50 { get; init; }

    /// <summary>Wall-clock milliseconds of a hit; the median.</summary>
    public required double HitP50 { get; init; }

    /// <summary>How many hits cost as much as one miss.</summary>
    public double Times => MissMs / HitMs;
}
