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

    /// <summary>
    /// What a hit may cost: a twentieth of a miss. A durable hit cannot be cheaper than the bare program, so it may always cost a quarter more than that.
    /// </summary>
    public double MaxHitMs => Math.Max(MissMs / 20, 1.25 * BareMs);
}
