using System.Globalization;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>The values of the response headers <c>Cache-Status</c> (RFC 9211) and <c>Age</c> (RFC 9111).</summary>
/// <param name="Value">The value of Cache-Status; null while the cache is switched off.</param>
/// <param name="AgeSeconds">The value of Age; null if experts were asked.</param>
internal readonly record struct CacheStatus(string? Value, long? AgeSeconds = null)
{
    private const string Name = "multimodal";

    /// <summary>The status of an answer from the cache.</summary>
    /// <param name="age">Its age.</param>
    /// <param name="maxAge">The age up to which it is used.</param>
    public static CacheStatus Hit(TimeSpan age, TimeSpan maxAge)
    {
        var left = (long)(maxAge - age).TotalSeconds;
        return new CacheStatus(string.Create(CultureInfo.InvariantCulture, $"{Name}; hit; ttl={left}"), (long)age.TotalSeconds);
    }

    /// <summary>The status of a request that goes to experts.</summary>
    public static CacheStatus Of(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Miss => new CacheStatus($"{Name}; fwd=miss"),
        CacheOutcome.Request => new CacheStatus($"{Name}; fwd=request"),
        CacheOutcome.Bypass => new CacheStatus($"{Name}; fwd=bypass"),
        _ => default,
    };
}
