using System.Net;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Where a webhook may go. Only addresses that are public on the Internet are, by the registries of special-purpose addresses
/// (IANA, RFC 6890); IPv6 addresses that carry an IPv4 address inside are judged as what they reach.
/// </summary>
internal static class WebhookTarget
{
    private const int MaxLength = 2000;

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Inside 2000::/3, all of IPv6 that is assigned: protocols (Teredo among them), documentation, 6to4.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var meant = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(NotPublic, network => network.Contains(meant))
            && (meant.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6 || GlobalUnicast.Contains(meant));
    }

    /// <summary>
    /// Checks what can be checked without asking a name server. The addresses behind a name are checked at each connection, where
    /// they cannot change between the check and the use.
    /// </summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Check(string? url, bool allowPrivate)
    {
        if (url is not { Length: <= MaxLength }
            || !Uri.TryCreate(url, UriKind.Absolute, out var target)
            || (target.Scheme != Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttp)
            || target.Host.Length == 0
            || target.UserInfo.Length > 0
            || target.Fragment.Length > 0)
        {
            return $"must be an http or https address of at most {MaxLength} characters, without user and fragment";
        }

        var isPrivate = IPAddress.TryParse(target.DnsSafeHost, out var address) ? !IsPublic(address) : IsLocalName(target.DnsSafeHost);
        return isPrivate && !allowPrivate
            ? "must be a public address; Multimodal:Webhooks:AllowPrivateTargets lets the operator allow others"
            : null;
    }

    private static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
