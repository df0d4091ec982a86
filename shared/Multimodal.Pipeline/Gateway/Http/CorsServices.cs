using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Lets web pages of named origins call the API (CORS).</summary>
internal static class CorsServices
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Authorization, "X-Api-Key", HeaderNames.ContentType, HeaderNames.ContentEncoding, "Prefer", "Idempotency-Key", "Last-Event-ID",
        HeaderNames.CacheControl, HeaderNames.TraceParent, HeaderNames.TraceState,
    ];

    /// <summary>The response headers that a page may read. Browsers hide all others.</summary>
    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.Location, HeaderNames.RetryAfter, "Preference-Applied", "Idempotency-Replayed", "Cache-Status", HeaderNames.Age, HeaderNames.AcceptEncoding,
        HeaderNames.WWWAuthenticate,
    ];

    /// <summary>Answers preflights and adds the headers, if an origin is configured.</summary>
    public static void UseConfiguredCors(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<HttpOptions>().CorsOrigins
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.Length > 0)
        {
            // Keys are headers that the page sets itself, so cookies and other credentials of the browser are never needed.
            app.UseCors(policy => policy.WithOrigins(origins).WithMethods("GET", "POST", "PUT", "DELETE").WithHeaders(RequestHeaders)
                .WithExposedHeaders(ResponseHeaders).SetPreflightMaxAge(PreflightAge));
        }
    }
}
