using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Who makes an HTTP call, as the key says.</summary>
/// <param name="Tenant">Whose data the call may see and make.</param>
/// <param name="Rate">How often it may post requests; null for as often as it likes.</param>
internal sealed record Caller(string Tenant, RequestRate? Rate)
{
    /// <summary>The tenant of calls without a key, where none is needed, and of keys that name no other.</summary>
    public const string DefaultTenant = "default";

    /// <summary>A tenant's name is a word of a routing key, of a queue's name and a folder, so it holds no dot, star, hash or slash.</summary>
    public const string TenantPattern = "^[A-Za-z0-9_-]{1,100}$";

    /// <summary>Everybody, where no key is needed.</summary>
    public static Caller Anyone { get; } = new(DefaultTenant, null);

    /// <summary>Who makes this call.</summary>
    /// <exception cref="InvalidOperationException">Nobody has asked for a key: better no answer than one to the wrong tenant.</exception>
    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The address is open to everybody, so the call has no tenant.");
}
