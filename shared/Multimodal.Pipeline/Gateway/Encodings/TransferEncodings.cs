using System.Text;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>The Content-Transfer-Encoding of a part (RFC 2045, section 6). RFC 7578 deprecates it in forms, but mail libraries write it.</summary>
internal static class TransferEncodings
{
    /// <summary>An encoded part is at most this many times as large: quoted-printable needs three bytes for one, and soft line breaks.</summary>
    public const int MaxGrowth = 4;

    /// <summary>Decodes a part.</summary>
    /// <param name="encoding">The header's value; null or empty for none.</param>
    /// <param name="content">The part.</param>
    /// <param name="field">The field's name, for the refusal.</param>
    public static Outcome<byte[]> Decode(string? encoding, byte[] content, string field) => (encoding ?? "").Trim().ToLowerInvariant() switch
    {
        "" or "7bit" or "8bit" or "binary" => content,
        "base64" => Base64Text.Decode(Encoding.Latin1.GetString(content)) is { } decoded ? decoded : Problems.InvalidTransferEncoding("base64", field),
        "quoted-printable" => QuotedPrintable(content) is { } decoded ? decoded : Problems.InvalidTransferEncoding("quoted-printable", field),
        _ => Problems.UnsupportedTransferEncoding(encoding!.Trim(), field),
    };

    /// <returns>Null after an equals sign that neither two hexadecimal digits nor a line break follows.</returns>
    private static byte[]? QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var decoded = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                decoded[length++] = text[i];
                continue;
            }

            var rest = text[(i + 1)..];
            var lineBreak = SoftBreak(rest);
            if (lineBreak >= 0)
            {
                i += lineBreak;
            }
            else if (rest.Length >= 2 && char.IsAsciiHexDigit((char)rest[0]) && char.IsAsciiHexDigit((char)rest[1]))
            {
                Convert.FromHexString(rest[..2], decoded.AsSpan(length++), out _, out _);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return decoded[..length];
    }

    /// <returns>The length of the white space and line break that follow an equals sign; -1 if something else follows.</returns>
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        var spaces = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return spaces < 0 ? rest.Length
            : rest[spaces] == '\n' ? spaces + 1
            : rest[spaces] == '\r' ? spaces + (rest[spaces..] is [_, (byte)'\n', ..] ? 2 : 1)
            : -1;
    }
}
