using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Versions;

/// <summary>
/// Writes enum values in kebab case. Reads a name or number of a newer version as the value marked with <see cref="FallbackAttribute"/>, so that the
/// message stays readable. Not for input of clients, whose errors must be reported.
/// </summary>
public sealed class MessageEnumConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert.IsEnum;
    }

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Known(ref reader)
            ?? MessageEnum.Fallback<T>()
            ?? throw new JsonException($"The value is not a {typeof(T).Name} of this version, and readers of this version have no substitute for it.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (MessageEnum.NameOf(value) is { } name)
            {
                writer.WriteStringValue(name);
            }
            else
            {
                writer.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        private static T? Known(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => MessageEnum.Read<T>(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt32(out var number) => Enum.IsDefined((T)Enum.ToObject(typeof(T), number)) ? (T)Enum.ToObject(typeof(T), number) : null,
            JsonTokenType.Number => null,
            _ => throw new JsonException($"The value of a {typeof(T).Name} must be a name."),
        };
    }
}
