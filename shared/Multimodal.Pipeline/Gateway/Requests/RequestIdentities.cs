using System.Globalization;
using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Recognizes requests and clients for the waiting list. A request is recognized by its idempotency key. Without one, requests of a client that have
/// the same length and user agent count as one request.
/// </summary>
internal static class RequestIdentities
{
    /// <summary>A request over HTTP. Its client is the API key, or the address if no key is configured.</summary>
    public static RequestIdentity Of(HttpContext http, Caller caller, string? idempotencyKey)
    {
        var client = caller.Key ?? ClientNetwork.Of(http.Connection.RemoteIpAddress).ToString();
        var clientKey = PlaceKey.Of("client", client);
        return new RequestIdentity(
            idempotencyKey is null
                ? PlaceKey.Of("alike", caller.Tenant, client, http.Request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "", http.Request.Headers.UserAgent.ToString())
                : RequestKey(caller.Tenant, idempotencyKey),
            clientKey);
    }

    /// <summary>A request message. The prefetch bounds their number, so each one is a client of its own.</summary>
    public static RequestIdentity Of(string tenant, string messageId)
    {
        var key = RequestKey(tenant, messageId);
        return new RequestIdentity(key, key);
    }

    private static PlaceKey RequestKey(string tenant, string idempotencyKey) => PlaceKey.Of("key", tenant, idempotencyKey);
}
