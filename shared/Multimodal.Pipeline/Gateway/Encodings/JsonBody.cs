using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Reads the JSON bodies of all addresses but the one for requests.</summary>
internal static class JsonBody
{
    /// <summary>Reads and parses a body.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="limit">The maximum size in bytes.</param>
    /// <param name="advice">What to send instead of a body that is too large or does not parse.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpRequest request, int limit, string advice)
        where T : class
    {
        var isJson = IsJson(request.ContentType, out var charset);
        if (!isJson)
        {
            return Problems.UnsupportedContentType(request.ContentType, "application/json");
        }

        if (request.ContentLength > limit || await BoundedBody.ReadAsync(request.Body, limit, request.HttpContext.RequestAborted) is not { } body)
        {
            return Problems.BodyTooLarge(limit, advice);
        }

        return Parse<T>(Charsets.JsonToUtf8(body, charset), advice);
    }

    /// <summary>Whether a media type is JSON.</summary>
    public static bool IsJson(string? contentType, out string? charset)
    {
        charset = null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return false;
        }

        charset = type.Charset.ToString();
        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
    }

    private static Outcome<T> Parse<T>(Outcome<byte[]> json, string advice)
        where T : class
    {
        if (json.Value is not { } bytes)
        {
            return json.Problem!;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(bytes, JsonFormat.Options) is { } body ? body : Problems.Malformed($"The body must be a JSON object. {advice}");
        }
        catch (JsonException exception)
        {
            return Problems.Malformed($"The JSON is invalid at {exception.Path ?? "$"}. {advice}");
        }
    }
}
