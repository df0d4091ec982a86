namespace Multimodal.Inference.Audio.Formats;

/// <summary>Names files that this server does not decode as audio, so that a refusal can say what arrived.</summary>
internal static class KnownFiles
{
    /// <summary>Returns a name such as "a PNG image"; null if the bytes are unknown.</summary>
    public static string? Name(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? "a PNG image"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "a JPEG image"
        : bytes.StartsWith("GIF8"u8) ? "a GIF image"
        : bytes.StartsWith("%PDF"u8) ? "a PDF document"
        : bytes.StartsWith("MThd"u8) ? "a MIDI file, which holds notes and no sound"
        : bytes.StartsWith("PK\u0003\u0004"u8) ? "a ZIP archive"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "a gzip archive"
        : Riff(bytes) ?? Sound(bytes);

    private static string? Riff(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 12 || !bytes.StartsWith("RIFF"u8) ? null
        : bytes[8..].StartsWith("AVI "u8) ? "an AVI video"
        : bytes[8..].StartsWith("WEBP"u8) ? "a WebP image"
        : bytes[8..].StartsWith("RMID"u8) ? "a MIDI file, which holds notes and no sound"
        : null;

    private static string? Sound(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) ? "a Windows Media (ASF, WMA) file"
        : bytes.StartsWith(".snd"u8) ? "an AU file"
        : bytes.StartsWith("riff"u8) ? "a Wave64 file"
        : bytes.StartsWith("wvpk"u8) ? "a WavPack file"
        : bytes.StartsWith("MAC "u8) ? "a Monkey's Audio file"
        : bytes.StartsWith("DSD "u8) ? "a DSD file"
        : bytes.StartsWith("TTA1"u8) ? "a True Audio file"
        : bytes.StartsWith("MPCK"u8) || bytes.StartsWith("MP+"u8) ? "a Musepack file"
        : bytes.StartsWith("FLV\u0001"u8) ? "a Flash video"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x0B, 0x77]) ? "an AC-3 file"
        : null;
}
