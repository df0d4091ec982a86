using System.Buffers.Binary;
using NAudio.Wave;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// RIFF and RF64 WAVE files. NAudio finds the format and the samples; of a stated length only what is really there counts. RIFX
/// (big-endian) and codings that exist as Windows drivers only are not read.
/// </summary>
internal static class WavFile
{
    /// <summary>Null if the coding is unknown. NAudio's exceptions pass.</summary>
    public static IAudioReader? Open(ReadOnlyMemory<byte> bytes)
    {
        // NAudio looks for chunks only inside the stated RIFF length, which is 0 where a recorder died.
        byte[] head = [.. bytes.Span[..Math.Min(bytes.Length, 12)]];
        if (bytes.Span.StartsWith("RIFF"u8))
        {
            head.AsSpan(4, 4).Fill(0xFF);
        }

        using var stream = new HeaderStream(bytes, head, bytes.Length);
        using var reader = new WaveFileReader(stream);
        // The reader has just gone to the first sample.
        var from = (int)Math.Min(stream.Position, bytes.Length);
        return Open(reader.WaveFormat, bytes.Slice(from, (int)Math.Min(reader.Length, bytes.Length - from)));
    }

    private static IAudioReader? Open(WaveFormat format, ReadOnlyMemory<byte> data) => Encoding(format) switch
    {
        WaveFormatEncoding.Adpcm when format.Channels is 1 or 2 => Blocks(data, new MsAdpcm(format.BlockAlign, format.Channels), format),
        WaveFormatEncoding.DviAdpcm when format.Channels is 1 or 2 => Blocks(data, new ImaAdpcm(format.BlockAlign, format.Channels), format),
        var encoding when Coding(encoding, format.BitsPerSample) is { } coding =>
            new PcmReader(data, coding, bigEndian: false, format.SampleRate, format.Channels),
        _ => null,
    };

    private static AdpcmReader? Blocks(ReadOnlyMemory<byte> data, IAdpcmCodec coding, WaveFormat format) =>
        coding.Frames(coding.BlockBytes) > 0 ? new AdpcmReader(data, coding, format.SampleRate) : null;

    /// <summary>
    /// Of WAVE_FORMAT_EXTENSIBLE, what its subformat begins with: valid bits (2 bytes), channel mask (4), then a GUID whose first
    /// two bytes are the old number.
    /// </summary>
    private static WaveFormatEncoding Encoding(WaveFormat format) =>
        format is WaveFormatExtraData { Encoding: WaveFormatEncoding.Extensible, ExtraData: { Length: >= 22 } extra }
            ? (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(6))
            : format.Encoding;

    private static SampleFormat? Coding(WaveFormatEncoding encoding, int bits) => (encoding, (bits + 7) / 8) switch
    {
        (WaveFormatEncoding.Pcm, 1) => SampleFormat.Unsigned8,
        (WaveFormatEncoding.Pcm, 2) => SampleFormat.Signed16,
        (WaveFormatEncoding.Pcm, 3) => SampleFormat.Signed24,
        (WaveFormatEncoding.Pcm, 4) => SampleFormat.Signed32,
        (WaveFormatEncoding.IeeeFloat, 4) => SampleFormat.Float32,
        (WaveFormatEncoding.IeeeFloat, 8) => SampleFormat.Float64,
        (WaveFormatEncoding.ALaw, 1) => SampleFormat.ALaw,
        (WaveFormatEncoding.MuLaw, 1) => SampleFormat.MuLaw,
        _ => null,
    };
}
