using System.Globalization;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>
/// Finds escapes of unpaired surrogates, such as <c>\ud800</c>. They are valid JSON but not valid Unicode, and .NET throws when it reads them as a string.
/// </summary>
internal static class UnpairedSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Returns the offset of the first one in a document; -1 if there is none.</summary>
    public static int Find(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (at < json.Length && json[at..].IndexOf((byte)'\\') is var next and >= 0)
        {
            at += next;
            if (Unit(json, at) is not { } unit || !char.IsSurrogate(unit))
            {
                // The backslash and what it escapes, which can be a backslash.
                at += 2;
            }
            else if (char.IsHighSurrogate(unit) && Unit(json, at + EscapeLength) is { } low && char.IsLowSurrogate(low))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                return at;
            }
        }

        return -1;
    }

    /// <returns>The UTF-16 code unit of the escape at an offset; null if no escape starts there.</returns>
    private static char? Unit(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at..].StartsWith("\\u"u8)
        && ushort.TryParse(json.Slice(at + 2, EscapeLength - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
