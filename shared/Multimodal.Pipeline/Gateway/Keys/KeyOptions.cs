using System.ComponentModel.DataAnnotations;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>
/// One API key. If at least one is configured, every address under <c>/v1</c> requires a key. Without keys, anyone who can reach the port
/// can call the service as the tenant <c>default</c>. <c>multimodal keys new NAME</c> creates a key and its settings. The settings contain
/// only the hash of the key.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>SHA-256 of the key, in hexadecimal.</summary>
    /// <value>64 hexadecimal digits, different for each key; required.</value>
    [Required]
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "{0} must be the 64 hexadecimal digits of a SHA-256.")]
    public string Sha256 { get; set; } = "";

    /// <summary>Tenant whose requests, results, subscriptions and payloads the key can access. Several keys can share a tenant.</summary>
    /// <value>1 to 100 ASCII letters, digits, - and _; default <c>default</c>.</value>
    [Required]
    [RegularExpression(ResourceName.Pattern, ErrorMessage = "{0} must be 1 to 100 ASCII letters, digits, - and _.")]
    public string Tenant { get; set; } = ResourceName.DefaultTenant;

    /// <summary>
    /// Average rate at which the key may post requests to each gateway process, per second. The gateway refuses faster requests with 429 and
    /// Retry-After. Without this setting, the rate is unlimited.
    /// </summary>
    /// <value>0.001 to 100,000; default none.</value>
    [Range(0.001, 100_000)]
    public double? RequestsPerSecond { get; set; }

    /// <summary>Requests that the key may post in a burst after idle time. Without this setting: as many as in one second, at least 1.</summary>
    /// <value>1 to 100,000, only with a rate; default none.</value>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Validates the keys.</summary>
    /// <param name="keys">The keys by name.</param>
    /// <param name="path">Their path in the configuration.</param>
    /// <returns>All errors.</returns>
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
                yield return $"{path}:{name}:Burst: is only valid together with RequestsPerSecond.";
            }
        }

        foreach (var duplicates in keys.GroupBy(key => key.Value.Sha256, StringComparer.OrdinalIgnoreCase).Where(duplicates => duplicates.Key.Length > 0 && duplicates.Count() > 1))
        {
            yield return $"{path}: {string.Join(" and ", duplicates.Select(key => key.Key).Order(StringComparer.Ordinal))} are the same key. Give each entry its own key.";
        }
    }
}
