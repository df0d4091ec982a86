using System.Buffers.Binary;

namespace Multimodal.Inference.Audio;

/// <summary>Finds the type of a sound file in its first bytes.</summary>
internal static class AudioSniffer
{
    // Kilobits per second of Layer III by index 1 to 14: MPEG 1, then MPEG 2 and 2.5 (ISO/IEC 11172-3, 13818-3).
    private static ReadOnlySpan<short> Mpeg1Rates => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    private static ReadOnlySpan<short> Mpeg2Rates => [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    private static ReadOnlySpan<int> Mpeg1SampleRates => [44_100, 48_000, 32_000];

    /// <summary>The media type (RFC 6838), or null when the bytes are no sound of a type that is taken.</summary>
    public static string? MediaType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12)
        {
            var form = bytes[..4];
            var type = bytes[8..12];
            if ((form.SequenceEqual("RIFF"u8) || form.SequenceEqual("RF64"u8) || form.SequenceEqual("RIFX"u8)) && type.SequenceEqual("WAVE"u8))
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

    /// <summary>The bytes after an ID3v2 tag (id3v2.4.0-structure, section 3.1), which may be longer than the file.</summary>
    private static ReadOnlySpan<byte> SkipId3(ReadOnlySpan<byte> bytes, out bool tagged)
    {
        tagged = bytes.Length >= 10 && bytes.StartsWith("ID3"u8) && bytes[3] < 0xFF && ((bytes[6] | bytes[7] | bytes[8] | bytes[9]) & 0x80) == 0;
        if (!tagged)
        {
            return bytes;
        }

        var footer = (bytes[5] & 0x10) != 0 ? 10 : 0;
        var length = 10 + footer + (bytes[6] << 21 | bytes[7] << 14 | bytes[8] << 7 | bytes[9]);
        return bytes[Math.Min(length, bytes.Length)..];
    }

    /// <summary>The codec names itself in the first packet (RFC 3533, RFC 5334, RFC 7845).</summary>
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

    /// <summary>One frame header can be chance; a second one at the distance that the first states is not.</summary>
    private static bool IsLayer3(ReadOnlySpan<byte> bytes)
    {
        var length = Layer3FrameLength(bytes);
        return length > 0 && (bytes.Length < length + 4 || Layer3FrameLength(bytes[length..]) > 0);
    }

    /// <summary>Bytes from this MPEG Layer III frame header to the next, or 0 when it is none.</summary>
    private static int Layer3FrameLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return 0;
        }

        var header = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var (version, layer) = ((int)(header >> 19) & 3, (int)(header >> 17) & 3);
        var (rate, frequency, padding) = ((int)(header >> 12) & 15, (int)(header >> 10) & 3, (int)(header >> 9) & 1);
        if (header >> 21 != 0x7FF || version == 1 || layer != 1 || rate is 0 or 15 || frequency == 3)
        {
            return 0;
        }

        var first = version == 3;
        var kilobits = (first ? Mpeg1Rates : Mpeg2Rates)[rate - 1];
        var sampleRate = Mpeg1SampleRates[frequency] >> (first ? 0 : version == 2 ? 1 : 2);
        return (first ? 144_000 : 72_000) * kilobits / sampleRate + padding;
    }
}
