namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Percent-encoding (RFC 3986) and forms in it (application/x-www-form-urlencoded).</summary>
internal static class PercentText
{
    /// <summary>Reads the fields of a form, in order.</summary>
    public static List<(byte[] Name, byte[] Value)> ParseForm(ReadOnlySpan<byte> form)
    {
        var fields = new List<(byte[], byte[])>();
        foreach (var range in form.Split((byte)'&'))
        {
            var field = form[range];
            var equals = field.IndexOf((byte)'=');
            if (field.Length > 0)
            {
                fields.Add(equals < 0
                    ? (Decode(field, isForm: true), [])
                    : (Decode(field[..equals], isForm: true), Decode(field[(equals + 1)..], isForm: true)));
            }
        }

        return fields;
    }

    /// <summary>Decodes text. An incomplete escape stays as it is, as in browsers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isForm">Whether a plus sign means a space.</param>
    public static byte[] Decode(ReadOnlySpan<byte> text, bool isForm)
    {
        var decoded = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                Convert.FromHexString(text.Slice(i + 1, 2), decoded.AsSpan(length), out _, out _);
                i += 2;
            }
            else
            {
                decoded[length] = isForm && text[i] == '+' ? (byte)' ' : text[i];
            }

            length++;
        }

        return decoded[..length];
    }
}
