using System.Text;
using System.Text.Json;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads the JSON form of a request.</summary>
internal sealed class JsonReader(FieldLimits limits)
{
    /// <summary>How JSON of clients is parsed: a name that occurs twice is an error, because the client would not learn which value counts.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a document. Its options are <see cref="SubmissionFields.Options"/>, still as JSON.</summary>
    /// <param name="body">The document.</param>
    /// <param name="charset">The declared charset; null for none.</param>
    public Outcome<SubmissionFields> Read(byte[] body, string? charset)
    {
        var converted = Charsets.JsonToUtf8(body, charset);
        if (converted.Value is not { } json)
        {
            return converted.Problem!;
        }

        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            return Problems.Unreadable("body", exception);
        }
    }

    private Outcome<SubmissionFields> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Problems.Malformed("The body must be a JSON object with the fields text, image, audio and options.");
        }

        var fields = new SubmissionFields(limits);
        foreach (var property in json.EnumerateObject())
        {
            if (limits.Of(property.Name) is null)
            {
                return Problems.UnknownPart(property.Name, UnknownFields.Hint(property.Name));
            }

            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (Content(property) is not { } content)
            {
                return Problems.Malformed(property.Name == "text"
                    ? "The field 'text' must be a valid Unicode string without unpaired surrogates."
                    : $"The field '{property.Name}' must be a base64 string (RFC 4648) or a data URL.");
            }

            if (fields.Add(property.Name, content) is { } problem)
            {
                return problem;
            }
        }

        return fields;
    }

    private static byte[]? Content(JsonProperty property)
    {
        if (property.Name == FieldLimits.OptionsField)
        {
            return property.Value.ValueKind == JsonValueKind.String && property.Value.ValueEquals("") ? [] : Encoding.UTF8.GetBytes(property.Value.GetRawText());
        }

        if (property.Value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        // The usual form needs no string as long as the file.
        if (property.Name != "text" && property.Value.TryGetBytesFromBase64(out var bytes))
        {
            return bytes;
        }

        try
        {
            var value = property.Value.GetString()!;
            return property.Name == "text" ? Encoding.UTF8.GetBytes(value) : Base64Text.Decode(value);
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate such as \ud800 is valid JSON but not valid text.
            return null;
        }
    }
}
