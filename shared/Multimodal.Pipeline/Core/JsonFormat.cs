using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Multimodal.Contracts.Versions;

namespace Multimodal.Pipeline.Core;

/// <summary>The JSON format of the HTTP API, the messages and the request store: camelCase names, kebab-case enum values.</summary>
internal static class JsonFormat
{
    /// <summary>The options for what clients and operators send and read; an unknown enum value is an error. Read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));

    /// <summary>
    /// The options for messages and stored messages, which may come from a newer version: the same JSON, but an unknown enum value is read as its
    /// fallback. Read-only.
    /// </summary>
    public static JsonSerializerOptions Messages { get; } = Create(new MessageEnumConverter());

    /// <summary>Converts an enum value to its JSON form, for example <c>not-chosen</c>.</summary>
    public static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Reads a message.</summary>
    /// <returns>Null if it cannot be read, for example because a process of an incompatible version sent it.</returns>
    public static T? TryRead<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Messages);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Configures existing options for this format.</summary>
    public static void Apply(JsonSerializerOptions options) => Apply(options, new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));

    private static void Apply(JsonSerializerOptions options, JsonConverterFactory enums)
    {
        // This JSON is not embedded in HTML, and people read it in a terminal, so apostrophes are not escaped.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(enums);
    }

    private static JsonSerializerOptions Create(JsonConverterFactory enums)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options, enums);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
