using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Multimodal.Contracts.Versions;

namespace Multimodal.MassTransit;

/// <summary>
/// The service's JSON: camelCase names, kebab-case enum values, no envelope. A status of a newer service is read as <c>failed</c>, and members that
/// this version does not know are ignored.
/// </summary>
/// <remarks>
/// MassTransit's JSON options are one static object for the whole process and write enum values differently. The package uses its own options,
/// so that the application's other messages do not change.
/// </remarks>
internal static class WireFormat
{
    /// <summary>The content type of a request or a result.</summary>
    public static ContentType Json { get; } = new("application/json");

    /// <summary>The content type of a refusal (RFC 9457).</summary>
    public static ContentType Problem { get; } = new("application/problem+json");

    /// <summary>The JSON options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // The default encoder escapes each plus sign of base64 as six bytes.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new MessageEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
