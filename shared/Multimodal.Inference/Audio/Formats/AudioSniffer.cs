namespace Multimodal.Inference.Audio.Formats;

/// <summary>Determines the container of an audio file from its first bytes.</summary>
internal static class AudioSniffer
{
    // Text that a client or a server put before the file: a byte order mark, a newline, the headers of a part.
    private const int MaxLeading = 1024;

    /// <summary>
    /// Returns the container, or null if the bytes are not audio of a known type. Frames without a container (MP3, ADTS) are not
    /// recognized here.
    /// </summary>
    public static AudioFormat? Container(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 4 ? null
        : Riff(bytes)
        ?? (bytes.StartsWith("fLaC"u8) ? AudioFormat.Flac
        : bytes.StartsWith("OggS"u8) ? AudioFormat.Ogg
        : bytes.StartsWith("caff"u8) ? AudioFormat.Caf
        : bytes.StartsWith("#!AMR"u8) ? AudioFormat.Amr
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? AudioFormat.Matroska
        : IsMp4(bytes) ? AudioFormat.Mp4
        : null);

    /// <summary>Finds a container whose magic number is not at the start.</summary>
    /// <returns>Number of bytes before it; 0 if none is found.</returns>
    public static int Leading(ReadOnlySpan<byte> bytes)
    {
        for (var offset = 1; offset <= MaxLeading && offset + 12 <= bytes.Length; offset++)
        {
            var rest = bytes[offset..];
            // More than the four bytes that a text can contain by coincidence.
            if (Riff(rest) is not null || rest.StartsWith("OggS\0\u0002"u8) || rest.StartsWith("fLaC\0\0\0\""u8)
                || rest.StartsWith("caff\0\u0001"u8) || (rest.StartsWith("ID3"u8) && rest[3] is 2 or 3 or 4 && IsId3(rest)))
            {
                return offset;
            }
        }

        return 0;
    }

    /// <summary>Skips ID3v2 tags (id3v2.4.0-structure, section 3.1).</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="tagged">Whether the file starts with a tag.</param>
    /// <returns>The bytes after the tags; empty if a tag states a length beyond the file.</returns>
    public static ReadOnlySpan<byte> SkipId3(ReadOnlySpan<byte> bytes, out bool tagged)
    {
        tagged = false;
        while (IsId3(bytes))
        {
            tagged = true;
            var footer = (bytes[5] & 0x10) != 0 ? 10 : 0;
            var length = 10 + footer + (bytes[6] << 21 | bytes[7] << 14 | bytes[8] << 7 | bytes[9]);
            bytes = bytes[Math.Min(length, bytes.Length)..];
        }

        return bytes;
    }

    private static bool IsId3(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 10
        && bytes.StartsWith("ID3"u8)
        && bytes[3] < 0xFF
        && ((bytes[6] | bytes[7] | bytes[8] | bytes[9]) & 0x80) == 0;

    private static AudioFormat? Riff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12)
        {
            return null;
        }

        var form = bytes[..4];
        var type = bytes[8..12];
        var isRiff = form.SequenceEqual("RIFF"u8) || form.SequenceEqual("RF64"u8) || form.SequenceEqual("BW64"u8)
            || form.SequenceEqual("RIFX"u8);
        return isRiff && type.SequenceEqual("WAVE"u8) ? AudioFormat.Wav
            : form.SequenceEqual("FORM"u8) && (type.SequenceEqual("AIFF"u8) || type.SequenceEqual("AIFC"u8)) ? AudioFormat.Aiff
            : null;
    }

    /// <summary>Whether the file starts with a box of MP4 or QuickTime that stands at the start of a file.</summary>
    private static bool IsMp4(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 12
        && (bytes[4..].StartsWith("ftyp"u8) || bytes[4..].StartsWith("moov"u8) || bytes[4..].StartsWith("styp"u8)
            || (bytes[4..].StartsWith("mdat"u8) && bytes[0] == 0) || (bytes[4..].StartsWith("wide"u8) && bytes[3] == 8));
}
