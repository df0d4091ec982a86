using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Who makes an HTTP call, as the key says.</summary>
/// <param name="Tenant">Whose data the call may see and make.</param>
/// <param name="Rate">How often it may post requests; null for as often as it likes.</param>
internal sealed record Caller(string Tenant, RequestRate? Rate)
{
    /// <summary>Everybody, where no key is needed.</summary>
    public static Caller Anyone { get; } = new(ResourceName.DefaultTenant, null);

    /// <summary>Who makes this call.</summary>
    /// <exception cref="InvalidOperationException">Nobody has asked for a key: better no answer than one to the wrong tenant.</exception>
    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The address is open to everybody, so the call has no tenant.");
}
