using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>The caller of an HTTP request, identified by its key.</summary>
/// <param name="Tenant">The tenant whose data the call can read and write.</param>
/// <param name="Rate">The rate limit for posting requests; null for none.</param>
internal sealed record Caller(string Tenant, RequestRate? Rate)
{
    /// <summary>Identifies the API key; null if no key is configured.</summary>
    public string? Key { get; init; }

    /// <summary>The caller if no key is configured.</summary>
    public static Caller Anonymous { get; } = new(ResourceName.DefaultTenant, null);

    /// <summary>The caller of this HTTP request.</summary>
    /// <exception cref="InvalidOperationException">The address allows anonymous access, so the call has no tenant.</exception>
    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The address allows anonymous access, so the call has no tenant.");
}
