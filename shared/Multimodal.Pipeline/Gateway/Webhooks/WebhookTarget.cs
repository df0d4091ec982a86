using System.Net;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Decides which addresses a webhook may target: only public Internet addresses, according to the IANA registries of special-purpose
/// addresses (RFC 6890). An IPv6 address that contains an IPv4 address is checked as the IPv4 address.
/// </summary>
internal static class WebhookTarget
{
    private const int MaxLength = 2000;

    private static readonly IPNetwork[] SpecialPurpose =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Special-purpose blocks inside 2000::/3, the assigned part of IPv6: protocols such as Teredo, documentation, 6to4.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var target = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(SpecialPurpose, network => network.Contains(target))
            && (target.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6 || GlobalUnicast.Contains(target));
    }

    /// <summary>
    /// Checks an address without DNS. The IP addresses behind a name are checked when connecting, so that they cannot change between check
    /// and use.
    /// </summary>
    /// <returns>The error; null if there is none.</returns>
    public static string? Check(string? url, bool allowPrivate)
    {
        if (url is not { Length: <= MaxLength }
            || !Uri.TryCreate(url, UriKind.Absolute, out var target)
            || (target.Scheme != Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttp)
            || target.Host.Length == 0
            || target.UserInfo.Length > 0
            || target.Fragment.Length > 0)
        {
            return $"must be an http or https address of at most {MaxLength} characters, without user name and fragment";
        }

        var isPrivate = IPAddress.TryParse(target.DnsSafeHost, out var address) ? !IsPublic(address) : IsLocalName(target.DnsSafeHost);
        return isPrivate && !allowPrivate
            ? "must be a public address, unless the operator sets Multimodal:Webhooks:AllowPrivateTargets"
            : null;
    }

    private static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
