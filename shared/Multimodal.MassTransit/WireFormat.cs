using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multimodal.MassTransit;

/// <summary>The service's JSON: camelCase names, kebab-case enum values, no envelope.</summary>
/// <remarks>
/// MassTransit's own JSON options are one static object for the whole process, and they write enum values differently. The package has options of
/// its own, so that it changes nothing for the application's other messages.
/// </remarks>
internal static class WireFormat
{
    /// <summary>A request or a result.</summary>
    public static ContentType Json { get; } = new("application/json");

    /// <summary>A refusal (RFC 9457).</summary>
    public static ContentType Problem { get; } = new("application/problem+json");

    /// <summary>The options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // The default escapes the plus signs of base64, six bytes for one.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
