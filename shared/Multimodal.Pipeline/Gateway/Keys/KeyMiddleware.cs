using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>
/// Requires a key at every address without <see cref="IAllowAnonymous"/> and at unknown addresses under <c>/v1</c>, and sets the caller. A
/// new address is therefore protected by default.
/// </summary>
internal sealed partial class KeyMiddleware
{
    /// <summary>The dedicated header for a key.</summary>
    public const string Header = "X-Api-Key";

    private readonly RequestDelegate _next;
    private readonly KeyRing _keys;

    public KeyMiddleware(RequestDelegate next, KeyRing keys, ILogger<KeyMiddleware> logger)
    {
        (_next, _keys) = (next, keys);
        if (keys.IsEmpty)
        {
            LogOpen(logger);
        }
    }

    public Task InvokeAsync(HttpContext http)
    {
        if (_keys.IsEmpty)
        {
            http.Features.Set(Caller.Anonymous);
        }
        else if (NeedsKey(http))
        {
            if (PresentedKey(http.Request.Headers) is not { } key || _keys.Find(key) is not { } caller)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.Unauthorized().ExecuteAsync(http);
            }

            http.Features.Set(caller);
        }

        return _next(http);
    }

    private static bool NeedsKey(HttpContext http) => http.GetEndpoint() is RouteEndpoint endpoint
        ? endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        : http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>The key in the dedicated header, which can accompany a proxy's own <c>Authorization</c>; else the bearer token.</summary>
    private static string? PresentedKey(IHeaderDictionary headers)
    {
        if (headers[Header] is { Count: > 0 } dedicated)
        {
            return dedicated.Count == 1 ? dedicated[0] : null;
        }

        return headers.Authorization is [{ } value]
            && AuthenticationHeaderValue.TryParse(value, out var credentials)
            && credentials.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? credentials.Parameter
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No API key is configured (Multimodal:Keys). Anyone who can reach the port can call the service.")]
    private static partial void LogOpen(ILogger logger);
}
