using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Registers the OpenAPI document.</summary>
internal static class OpenApiServices
{
    private const string Prefer = "Seconds to wait for the result, as 'wait=5' (RFC 7240).";
    private const string IdempotencyKey = "1 to 200 printable ASCII characters without spaces. Requests with the same key and the same content are accepted once.";

    private const string CacheControl = "'no-cache', 'no-store' or 'max-age=N' (RFC 9111): whether an earlier answer to an equal request may be returned, and the answer kept.";

    private const string LastEventId = "The id of the last event that the client received. Browsers send it when they reconnect.";

    /// <summary>Adds the document <c>v1</c>.</summary>
    public static void AddMultimodalOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", openApi =>
    {
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Multimodal",
                Version = "v1",
                Description = "Classifies text, images and sound with an ensemble of experts and fuses their opinions into one answer. Refusals are problem+json "
                    + "(RFC 9457) with a stable 'code', a 'detail' that says what to do, and often 'errors' by field.",
            };
            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer((operation, context, _) =>
        {
            if (operation.OperationId is "PostRequest" or "GetRequest")
            {
                AddHeader(operation, "Prefer", Prefer);
            }

            if (operation.OperationId is "PostRequest")
            {
                AddHeader(operation, "Idempotency-Key", IdempotencyKey);
                AddHeader(operation, "Cache-Control", CacheControl);

                // Only the form and JSON have fields. The routing lets every type pass, so that the refusal can name what was sent.
                operation.RequestBody?.Content?.Remove("*/*");
            }

            if (operation.OperationId is "GetEvents" or "GetRequestEvents")
            {
                AddHeader(operation, "Last-Event-ID", LastEventId);
            }

            return Task.CompletedTask;
        });
        openApi.AddKeys();
        openApi.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))
            {
                schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
                schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable kebab-case code." };
            }

            return Task.CompletedTask;
        });
    });

    private static void AddHeader(OpenApiOperation operation, string name, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
