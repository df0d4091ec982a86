using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Recognises requests and clients for the waiting list. A request is recognised by its idempotency key. Without one, requests of a client that have
/// the same length and user agent count as one request.
/// </summary>
internal static class Visitors
{
    /// <summary>The length of the part of an IPv6 address that belongs to one client, in bytes.</summary>
    private const int NetworkBytes = 8;

    /// <summary>A request over HTTP. Its client is the API key, or the address if no key is configured.</summary>
    public static Visitor Of(HttpContext http, Caller caller, string? idempotencyKey)
    {
        var client = caller.Key ?? Network(http.Connection.RemoteIpAddress);
        var clientKey = PlaceKey.Of("client", client);
        return new Visitor(
            idempotencyKey is null
                ? PlaceKey.Of("alike", caller.Tenant, client, http.Request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "", http.Request.Headers.UserAgent.ToString())
                : RequestKey(caller.Tenant, idempotencyKey),
            clientKey);
    }

    /// <summary>A request message. The prefetch bounds their number, so each one is a client of its own.</summary>
    public static Visitor Of(string tenant, string messageId)
    {
        var key = RequestKey(tenant, messageId);
        return new Visitor(key, key);
    }

    private static PlaceKey RequestKey(string tenant, string idempotencyKey) => PlaceKey.Of("key", tenant, idempotencyKey);

    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, NetworkBytes) : address.ToString();
    }
}
