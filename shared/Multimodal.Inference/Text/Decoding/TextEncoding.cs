namespace Multimodal.Inference.Text.Decoding;

/// <summary>The accepted text encodings.</summary>
internal enum TextEncoding
{
    /// <summary>UTF-8 (RFC 3629), with or without a byte order mark.</summary>
    Utf8,

    /// <summary>UTF-16 little endian with a byte order mark (RFC 2781).</summary>
    Utf16LittleEndian,

    /// <summary>UTF-16 big endian with a byte order mark (RFC 2781).</summary>
    Utf16BigEndian,
}
