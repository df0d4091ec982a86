using System.ComponentModel.DataAnnotations;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>
/// One API key. With at least one, every address under <c>/v1</c> wants a key; with none, everybody may call and is the tenant
/// <c>default</c>. <c>multimodal keys new NAME</c> makes a key and its settings; the key itself is in no setting.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>SHA-256 of the key, in hexadecimal.</summary>
    /// <value>64 hexadecimal digits, different for each key; required.</value>
    [Required]
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "{0} must be the 64 hexadecimal digits of a SHA-256.")]
    public string Sha256 { get; set; } = "";

    /// <summary>Whose requests, results, subscriptions and payloads the key opens. Keys may share a tenant.</summary>
    /// <value>1 to 100 ASCII letters, digits, - and _; default <c>default</c>.</value>
    [Required]
    [RegularExpression(ResourceName.Pattern, ErrorMessage = "{0} must be 1 to 100 ASCII letters, digits, - and _.")]
    public string Tenant { get; set; } = ResourceName.DefaultTenant;

    /// <summary>
    /// Requests that the key may post per second, in the long run and to each gateway process; one more is refused with 429 and
    /// Retry-After. None: no limit.
    /// </summary>
    /// <value>0.001 to 100,000; default none.</value>
    [Range(0.001, 100_000)]
    public double? RequestsPerSecond { get; set; }

    /// <summary>Requests that it may post at once after a pause. None: as many as in one second, at least 1.</summary>
    /// <value>1 to 100,000, only with a rate; default none.</value>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Everything that is wrong with the keys; empty when nothing is.</summary>
    /// <param name="keys">The keys by name.</param>
    /// <param name="path">Where they are in the configuration.</param>
    public static IEnumerable<string> Check(IReadOnlyDictionary<string, KeyOptions> keys, string path)
    {
        var validator = new KeyOptionsValidator();
        foreach (var (name, key) in keys)
        {
            if (!ApiKey.IsName(name))
            {
                yield return $"{path}: the name of a key must be 1 to 100 ASCII letters, digits, - and _.";
            }

            foreach (var failure in validator.Validate($"{path}:{name}", key).Failures ?? [])
            {
                yield return failure;
            }

            if (key is { Burst: not null, RequestsPerSecond: null })
            {
                yield return $"{path}:{name}:Burst: is of use only with RequestsPerSecond.";
            }
        }

        foreach (var same in keys.GroupBy(key => key.Value.Sha256, StringComparer.OrdinalIgnoreCase).Where(same => same.Key.Length > 0 && same.Count() > 1))
        {
            yield return $"{path}: {string.Join(" and ", same.Select(key => key.Key).Order(StringComparer.Ordinal))} are the same key; whose call would it be?";
        }
    }
}
