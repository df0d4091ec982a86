using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Describes API keys in the OpenAPI document, if any are configured.</summary>
internal static class KeyOpenApi
{
    private const string Bearer = "bearer";
    private const string ApiKeyHeader = "apiKey";

    /// <summary>Adds the two security schemes, and marks the operations that require a key.</summary>
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
                    Description = "The API key as a bearer token.",
                });
                document.AddComponent(ApiKeyHeader, new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = KeyMiddleware.Header,
                    Description = "The API key in a dedicated header, if Authorization is used for something else.",
                });
            }

            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer((operation, context, _) =>
        {
            if (!context.ApplicationServices.GetRequiredService<KeyRing>().IsEmpty
                && !context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [.. new[] { Bearer, ApiKeyHeader }.Select(scheme => new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [],
                })];
                operation.Responses ??= [];
                operation.Responses.TryAdd("401", new OpenApiResponse { Description = "unauthorized: the key is missing or unknown" });
                if (operation.OperationId == "PostRequest")
                {
                    operation.Responses.TryAdd("429", new OpenApiResponse { Description = "rate-limited: the rate of the key is exceeded; see Retry-After" });
                }
            }

            return Task.CompletedTask;
        });
    }
}
