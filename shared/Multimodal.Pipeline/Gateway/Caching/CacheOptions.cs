using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>
/// The cache of answers. A request with the same parts and options as an earlier one of the same tenant gets the earlier answer, unless the ensemble or
/// its trust has changed.
/// </summary>
internal sealed class CacheOptions
{
    /// <summary>
    /// Memory for cached answers in each gateway process, in bytes; an answer of the bundled ensemble takes about 7 kB. When it is full, the answers that
    /// were used least recently are dropped. 0 switches the cache off.
    /// </summary>
    /// <value>0 to 8,589,934,592; default 33,554,432.</value>
    [Range(0, 8L << 30)]
    public long MaxBytes { get; set; } = 32 << 20;

    /// <summary>
    /// Seconds for which an answer is used. It bounds the effect of what a gateway does not see, for example a combiner that reads changed files later.
    /// </summary>
    /// <value>1 to 604,800; default 600.</value>
    [Range(1, 604_800)]
    public int MaxAgeSeconds { get; set; } = 600;

    /// <summary>The time for which an answer is used.</summary>
    internal TimeSpan MaxAge => TimeSpan.FromSeconds(MaxAgeSeconds);
}
