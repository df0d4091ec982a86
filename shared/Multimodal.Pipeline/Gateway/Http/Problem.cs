using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>
/// A refusal as a value, written as problem+json (RFC 9457). The code is stable. The detail is for people and says what to do.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Detail">What is wrong and what to do next. Never contains payload.</param>
internal sealed record Problem(int Status, string Code, string Detail) : IResult
{
    /// <summary>Errors by form field or by path in the options.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    /// <summary>Seconds after which the same request may succeed.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The JSON document.</summary>
    public ProblemDetails Details
    {
        get
        {
            var details = new ProblemDetails
            {
                Type = $"urn:multimodal:problem:{Code}",
                Title = ReasonPhrases.GetReasonPhrase(Status),
                Status = Status,
                Detail = Detail,
                Extensions = { ["code"] = Code },
            };
            if (Errors is not null)
            {
                details.Extensions["errors"] = Errors;
            }

            return details;
        }
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        PipelineMetrics.Refused(Operation(httpContext), Status.ToString(CultureInfo.InvariantCulture), Code);
        if (Status == ClientAbort.Status)
        {
            return Task.CompletedTask;
        }

        if (RetryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(Details, JsonFormat.Options, "application/problem+json", httpContext.RequestAborted);
    }

    /// <summary>The operation's OpenAPI name; "none" for unknown addresses.</summary>
    private static string Operation(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "none";
}
