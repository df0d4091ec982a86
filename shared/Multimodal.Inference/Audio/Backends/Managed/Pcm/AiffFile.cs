using System.Buffers.Binary;
using NAudio.Wave;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// Opens AIFF files, and AIFC files without block coding. NAudio locates the format and the samples. A stated length beyond the end of
/// the file is shortened.
/// </summary>
internal static class AiffFile
{
    // A chunk starts with its type and length. In COMM, 18 bytes precede the compression type of AIFC.
    private const int ChunkHeader = 8;
    private const int CompressionOffset = ChunkHeader + 18;

    /// <summary>Opens a file.</summary>
    /// <returns>Null if the sample format is unknown.</returns>
    /// <exception cref="Exception">The file is broken. NAudio throws many exception types.</exception>
    public static IAudioReader? Open(ReadOnlyMemory<byte> bytes)
    {
        var head = WithoutCompression(bytes.Span, out var compression);
        // NAudio skips a chunk that extends beyond the stream, even the one with the samples. So the stream reports the largest length.
        using var stream = new HeaderStream(bytes, head, long.MaxValue);
        AiffFileReader.ReadAiffHeader(stream, out var format, out var start, out var length, []);
        start = Math.Min(start, bytes.Length);
        var data = bytes.Slice((int)start, (int)Math.Min(length, bytes.Length - start));
        return FormatOf(compression, (format.BitsPerSample + 7) / 8) is { } sampleFormat
            ? new PcmReader(data, sampleFormat, compression != "sowt", format.SampleRate, format.Channels)
            : null;
    }

    /// <summary>
    /// Reads the compression type of an AIFC file, and returns the start of the file with the type <c>NONE</c>. NAudio refuses all other
    /// types, although those supported here change only the format of a sample.
    /// </summary>
    private static byte[] WithoutCompression(ReadOnlySpan<byte> bytes, out string compression)
    {
        compression = "NONE";
        for (long offset = 12; bytes[8..].StartsWith("AIFC"u8) && offset + CompressionOffset + 4 <= bytes.Length;)
        {
            var chunk = bytes[(int)offset..];
            if (chunk.StartsWith("COMM"u8))
            {
                compression = System.Text.Encoding.ASCII.GetString(chunk.Slice(CompressionOffset, 4));
                return [.. bytes[..((int)offset + CompressionOffset)], .. "NONE"u8];
            }

            offset += ChunkHeader + ((BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]) + 1L) & ~1L);
        }

        return [];
    }

    private static SampleFormat? FormatOf(string compression, int bytes) => (compression, bytes) switch
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
