using System.Net;
using System.Net.Sockets;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The address by which a client without an API key is recognized.</summary>
internal static class ClientNetwork
{
    /// <summary>The first bytes of an IPv6 address, which one subscriber usually has.</summary>
    private const int NetworkBytes = 8;

    /// <summary>Returns an IPv4 address as it is, and an IPv6 address with its last 64 bits cleared.</summary>
    /// <param name="address">The address of the client; null for a connection without one.</param>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
