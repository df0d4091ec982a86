using Microsoft.Net.Http.Headers;

namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>What a client allows the cache: the header <c>Cache-Control</c> of a request (RFC 9111, section 5.2.1), over HTTP and AMQP.</summary>
/// <param name="MaxAge">The greatest age of an answer that the client accepts; zero for none from the cache, null for any.</param>
/// <param name="NoStore">Whether the answer must not be kept.</param>
internal readonly record struct CacheDirectives(TimeSpan? MaxAge, bool NoStore)
{
    /// <summary>Reads the header. A value that cannot be read counts as <c>no-store</c>, because the client asked for something.</summary>
    public static CacheDirectives Read(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return default;
        }

        if (!CacheControlHeaderValue.TryParse(header, out var control))
        {
            return new CacheDirectives(TimeSpan.Zero, NoStore: true);
        }

        return new CacheDirectives(control.NoCache || control.NoStore ? TimeSpan.Zero : control.MaxAge, control.NoStore);
    }
}
