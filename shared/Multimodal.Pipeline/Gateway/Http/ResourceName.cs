using System.Diagnostics.CodeAnalysis;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>
/// Names of tenants, subscriptions and keys. A name is a word of a routing key, part of a queue's name and a folder, so it contains no dot, star,
/// hash or slash.
/// </summary>
internal static class ResourceName
{
    /// <summary>The tenant of calls without a key, where none is needed, and of keys that name no other.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The rule as a regular expression.</summary>
    public const string Pattern = "^[A-Za-z0-9_-]{1,100}$";

    /// <summary>Whether a name obeys the rule.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
