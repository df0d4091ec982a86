using System.Net;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Forms in percent-encoding (application/x-www-form-urlencoded), whose charset is not known yet.</summary>
internal static class UrlEncodedForm
{
    /// <summary>Reads the fields of a form, in order.</summary>
    public static List<(byte[] Name, byte[] Value)> Parse(ReadOnlySpan<byte> form)
    {
        var fields = new List<(byte[], byte[])>();
        foreach (var range in form.Split((byte)'&'))
        {
            var field = form[range];
            var equals = field.IndexOf((byte)'=');
            if (field.Length > 0)
            {
                fields.Add(equals < 0
                    ? (Decode(field), [])
                    : (Decode(field[..equals]), Decode(field[(equals + 1)..])));
            }
        }

        return fields;
    }

    private static byte[] Decode(ReadOnlySpan<byte> text) => WebUtility.UrlDecodeToBytes(text.ToArray(), 0, text.Length)!;
}
