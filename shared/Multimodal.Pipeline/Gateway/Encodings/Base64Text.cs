using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Files as text: base64 in either alphabet, with or without padding and line breaks, or as a data URL (RFC 4648, RFC 2397).</summary>
internal static class Base64Text
{
    private const string Scheme = "data:";

    /// <summary>Whether the text is a data URL.</summary>
    public static bool IsDataUrl(ReadOnlySpan<byte> text) => text.Length >= Scheme.Length && Ascii.EqualsIgnoreCase(text[..Scheme.Length], Scheme);

    /// <returns>Null if the text is neither base64 nor a data URL.</returns>
    public static byte[]? Decode(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (!trimmed.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return DecodeBase64(trimmed);
        }

        var comma = trimmed.IndexOf(',');
        if (comma < 0)
        {
            return null;
        }

        var isBase64 = trimmed[..comma].TrimEnd().EndsWith(";base64", StringComparison.OrdinalIgnoreCase);
        var data = trimmed[(comma + 1)..];
        if (isBase64 && !data.Contains('%'))
        {
            return DecodeBase64(data);
        }

        // Only in forms does a plus sign mean a space.
        var escaped = Encoding.UTF8.GetBytes(data.ToString().Replace("+", "%2B", StringComparison.Ordinal));
        var bytes = WebUtility.UrlDecodeToBytes(escaped, 0, escaped.Length)!;
        return isBase64 ? DecodeBase64(Encoding.Latin1.GetString(bytes)) : bytes;
    }

    private static byte[]? DecodeBase64(ReadOnlySpan<char> text)
    {
        var unpadded = text.TrimEnd(" \t\r\n=").ToArray();
        unpadded.AsSpan().Replace('+', '-');
        unpadded.AsSpan().Replace('/', '_');
        return Base64Url.IsValid(unpadded) ? Base64Url.DecodeFromChars(unpadded) : null;
    }
}
