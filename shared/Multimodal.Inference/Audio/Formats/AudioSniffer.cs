namespace Multimodal.Inference.Audio.Formats;

/// <summary>Determines the type of an audio file from its first bytes.</summary>
internal static class AudioSniffer
{
    /// <summary>Returns the media type (RFC 6838), or null if the bytes are not audio of a known type.</summary>
    public static string? MediaType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12)
        {
            var form = bytes[..4];
            var type = bytes[8..12];
            if ((form.SequenceEqual("RIFF"u8) || form.SequenceEqual("RF64"u8) || form.SequenceEqual("RIFX"u8))
                && type.SequenceEqual("WAVE"u8))
            {
                return "audio/wav";
            }

            if (form.SequenceEqual("FORM"u8) && (type.SequenceEqual("AIFF"u8) || type.SequenceEqual("AIFC"u8)))
            {
                return "audio/aiff";
            }
        }

        var content = SkipId3(bytes, out var tagged);
        if (content.StartsWith("fLaC"u8))
        {
            return "audio/flac";
        }

        if (bytes.StartsWith("OggS"u8))
        {
            return OggType(bytes);
        }

        return tagged || IsLayer3(content) ? "audio/mpeg" : null;
    }

    /// <summary>Skips an ID3v2 tag (id3v2.4.0-structure, section 3.1).</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="tagged">Whether the file starts with a tag.</param>
    /// <returns>The bytes after the tag; empty if the tag states a length beyond the file.</returns>
    public static ReadOnlySpan<byte> SkipId3(ReadOnlySpan<byte> bytes, out bool tagged)
    {
        tagged = bytes.Length >= 10
            && bytes.StartsWith("ID3"u8)
            && bytes[3] < 0xFF
            && ((bytes[6] | bytes[7] | bytes[8] | bytes[9]) & 0x80) == 0;
        if (!tagged)
        {
            return bytes;
        }

        var footer = (bytes[5] & 0x10) != 0 ? 10 : 0;
        var length = 10 + footer + (bytes[6] << 21 | bytes[7] << 14 | bytes[8] << 7 | bytes[9]);
        return bytes[Math.Min(length, bytes.Length)..];
    }

    /// <summary>Determines the codec from the first packet (RFC 3533, RFC 5334, RFC 7845).</summary>
    private static string? OggType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 28)
        {
            return null;
        }

        var packet = bytes[Math.Min(27 + bytes[26], bytes.Length)..];
        return packet.StartsWith("\u0001vorbis"u8) ? "audio/ogg; codecs=vorbis"
            : packet.StartsWith("OpusHead"u8) ? "audio/ogg; codecs=opus"
            : null;
    }

    /// <summary>Whether two frame headers follow each other at the stated distance. A single one can be a coincidence.</summary>
    private static bool IsLayer3(ReadOnlySpan<byte> bytes)
    {
        if (!Mp3Header.TryRead(bytes, out var header))
        {
            return false;
        }

        var rest = bytes[Math.Min(header.FrameLength, bytes.Length)..];
        return rest.Length < Mp3Header.ByteLength || Mp3Header.TryRead(rest, out _);
    }
}
