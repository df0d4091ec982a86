using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Serves the OpenAPI document. It is built once, because building takes longer than answering a request, and anyone may read it.</summary>
internal sealed class OpenApiPage([FromKeyedServices("v1")] IOpenApiDocumentProvider provider)
{
    private readonly Lock _lock = new();
    private Task<byte[]>? _document;

    /// <summary>Maps the page.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/openapi/v1.json", async (OpenApiPage page) => Results.Bytes(await page.ReadAsync(), "application/json;charset=utf-8"))
        .ExcludeFromDescription()
        .AllowAnonymous();

    private Task<byte[]> ReadAsync()
    {
        lock (_lock)
        {
            return _document = _document is null or { IsFaulted: true } ? BuildAsync() : _document;
        }
    }

    private async Task<byte[]> BuildAsync()
    {
        await Task.Yield();
        var document = await provider.GetOpenApiDocumentAsync();

        // A relative address is right behind every proxy.
        document.Servers = [new OpenApiServer { Url = "/" }];
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }
}
