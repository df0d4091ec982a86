using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>What the OpenAPI document says of keys; nothing where none is needed.</summary>
internal static class KeyOpenApi
{
    private const string Bearer = "bearer";
    private const string ApiKeyHeader = "apiKey";

    /// <summary>Adds the two ways to send a key, and who needs one.</summary>
    public static void AddKeys(this OpenApiOptions openApi)
    {
        openApi.AddDocumentTransformer((document, context, _) =>
        {
            if (!context.ApplicationServices.GetRequiredService<KeyRing>().IsEmpty)
            {
                document.AddComponent(Bearer, new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The API key as bearer token.",
                });
                document.AddComponent(ApiKeyHeader, new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = KeyMiddleware.Header,
                    Description = "The API key in a header of its own, where something else uses Authorization.",
                });
            }

            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer((operation, context, _) =>
        {
            if (!context.ApplicationServices.GetRequiredService<KeyRing>().IsEmpty
                && !context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [.. new[] { Bearer, ApiKeyHeader }.Select(way => new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(way, context.Document)] = [],
                })];
                operation.Responses ??= [];
                operation.Responses.TryAdd("401", new OpenApiResponse { Description = "unauthorized: no key, or none that is known" });
                if (operation.OperationId == "PostRequest")
                {
                    operation.Responses.TryAdd("429", new OpenApiResponse { Description = "rate-limited: more than the key may; Retry-After says when" });
                }
            }

            return Task.CompletedTask;
        });
    }
}
