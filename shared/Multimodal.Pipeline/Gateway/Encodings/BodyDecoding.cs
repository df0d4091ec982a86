using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>
/// Decompresses bodies for all addresses while they are read. ASP.NET Core's middleware leaves an unknown coding to the endpoint, and its sizes are
/// those of the decoded bytes only; an upload's rate is that of the bytes received, which <see cref="CountingStream"/> counts.
/// </summary>
internal sealed class BodyDecoding(RequestDelegate next, HttpOptions options)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var header = http.Request.Headers.ContentEncoding;
        if (!ContentCodings.TryFind(header, out var coding))
        {
            http.Response.Headers.AcceptEncoding = ContentCodings.Supported;
            await Problems.UnsupportedCoding(header.ToString(), ContentCodings.Supported).ExecuteAsync(http);
            return;
        }

        if (coding is null)
        {
            await next(http);
            return;
        }

        var received = new CountingStream(http.Request.Body);
        await using var decoded = ContentCodings.Decode(coding, received, options.MaxBodyBytes);
        http.Features.Set(received);
        http.Request.Body = decoded;
        http.Request.Headers.Remove(HeaderNames.ContentEncoding);
        await next(http);
    }
}
