using System.Diagnostics.CodeAnalysis;
using System.Text;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Converts text to UTF-8.</summary>
internal static class Charsets
{
    /// <summary>Converts text whose charset is declared.</summary>
    /// <param name="text">The text.</param>
    /// <param name="charset">The declared charset; null or empty for none, which leaves the text as it is.</param>
    /// <param name="what">What is converted, for the refusal.</param>
    public static Outcome<byte[]> ToUtf8(byte[] text, string? charset, string what)
    {
        // ASCII is a part of UTF-8, and mail libraries write us-ascii whatever the text contains.
        if (string.IsNullOrWhiteSpace(charset) || Normalize(charset) is "utf-8" or "us-ascii" or "ascii")
        {
            return text;
        }

        if (!TryFind(charset, out var encoding))
        {
            return Problems.UnsupportedCharset(charset, what);
        }

        return Convert(text, FromMark(text) ?? encoding) is { } converted ? converted : Problems.InvalidCharset(charset, what);
    }

    /// <summary>Converts JSON: a byte order mark, a declared charset or the zero bytes of UTF-16 say what it is in, in this order.</summary>
    /// <param name="json">The document.</param>
    /// <param name="charset">The declared charset; null for none.</param>
    public static Outcome<byte[]> JsonToUtf8(byte[] json, string? charset) =>
        (FromMark(json) ?? FromZeros(json)) is not { } encoding ? ToUtf8(json, charset, "JSON")
        : Convert(json, encoding) is { } converted ? converted
        : Problems.InvalidCharset(encoding.WebName, "JSON");

    /// <returns>Null without a byte order mark.</returns>
    private static Encoding? FromMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Strict("utf-8"),
        [0xFF, 0xFE, 0, 0, ..] => Strict("utf-32"),
        [0, 0, 0xFE, 0xFF, ..] => Strict("utf-32BE"),
        [0xFF, 0xFE, ..] => Strict("utf-16"),
        [0xFE, 0xFF, ..] => Strict("utf-16BE"),
        _ => null,
    };

    /// <returns>Null unless the first two characters are ASCII in UTF-16, as in all JSON in UTF-16.</returns>
    private static Encoding? FromZeros(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [not 0, 0, not 0, 0, ..] => Strict("utf-16"),
        [0, not 0, 0, not 0, ..] => Strict("utf-16BE"),
        _ => null,
    };

    private static byte[]? Convert(byte[] text, Encoding encoding)
    {
        try
        {
            var mark = text.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
            return Encoding.Convert(encoding, Strict("utf-8"), text, mark, text.Length - mark);
        }
        catch (ArgumentException)
        {
            // DecoderFallbackException or EncoderFallbackException.
            return null;
        }
    }

    private static bool TryFind(string charset, [NotNullWhen(true)] out Encoding? encoding)
    {
        try
        {
            encoding = Strict(Normalize(charset));
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            encoding = null;
            return false;
        }
    }

    private static string Normalize(string charset)
    {
        var name = charset.Trim().Trim('"', '\'').ToLowerInvariant();
        return name is "utf8" ? "utf-8" : name is "latin1" or "latin-1" ? "iso-8859-1" : name;
    }

    /// <summary>An encoding that refuses what it cannot convert, instead of replacing it with question marks.</summary>
    private static Encoding Strict(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
