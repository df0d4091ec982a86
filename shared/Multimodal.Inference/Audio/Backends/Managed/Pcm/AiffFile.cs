using System.Buffers.Binary;
using NAudio.Wave;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// AIFF files, and AIFC files whose samples lie one after the other. NAudio finds the format and the samples; of a stated length
/// only what is really there counts.
/// </summary>
internal static class AiffFile
{
    // A chunk begins with its type and length; in COMM, four fields (18 bytes) precede AIFC's compression type.
    private const int ChunkHeader = 8;
    private const int CompressionOffset = ChunkHeader + 18;

    /// <summary>Null if the coding is unknown. NAudio's exceptions pass.</summary>
    public static IAudioReader? Open(ReadOnlyMemory<byte> bytes)
    {
        var head = WithoutCompression(bytes.Span, out var compression);
        // NAudio skips a chunk that extends past the end of the stream, even the one with the samples, so the stream states no end.
        using var stream = new HeaderStream(bytes, head, long.MaxValue);
        AiffFileReader.ReadAiffHeader(stream, out var format, out var from, out var length, []);
        from = Math.Min(from, bytes.Length);
        var data = bytes.Slice((int)from, (int)Math.Min(length, bytes.Length - from));
        return Coding(compression, (format.BitsPerSample + 7) / 8) is { } coding
            ? new PcmReader(data, coding, compression != "sowt", format.SampleRate, format.Channels)
            : null;
    }

    /// <summary>
    /// NAudio refuses all types of AIFC but <c>NONE</c>, although all that follow tells only how to read a sample. So it is shown that
    /// type: this returns the file up to there.
    /// </summary>
    private static byte[] WithoutCompression(ReadOnlySpan<byte> bytes, out string compression)
    {
        compression = "NONE";
        for (long at = 12; bytes[8..].StartsWith("AIFC"u8) && at + CompressionOffset + 4 <= bytes.Length;)
        {
            var chunk = bytes[(int)at..];
            if (chunk.StartsWith("COMM"u8))
            {
                compression = System.Text.Encoding.ASCII.GetString(chunk.Slice(CompressionOffset, 4));
                return [.. bytes[..((int)at + CompressionOffset)], .. "NONE"u8];
            }

            at += ChunkHeader + ((BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]) + 1L) & ~1L);
        }

        return [];
    }

    private static SampleFormat? Coding(string compression, int bytes) => (compression, bytes) switch
    {
        ("NONE" or "twos" or "sowt", 1) => SampleFormat.Signed8,
        ("NONE" or "twos" or "sowt", 2) => SampleFormat.Signed16,
        ("NONE" or "twos" or "sowt", 3) => SampleFormat.Signed24,
        ("NONE" or "twos" or "sowt", 4) => SampleFormat.Signed32,
        ("fl32" or "FL32", _) => SampleFormat.Float32,
        ("fl64" or "FL64", _) => SampleFormat.Float64,
        ("alaw" or "ALAW", _) => SampleFormat.ALaw,
        ("ulaw" or "ULAW", _) => SampleFormat.MuLaw,
        _ => null,
    };
}
