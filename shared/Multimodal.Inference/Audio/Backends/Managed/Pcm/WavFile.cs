using System.Buffers.Binary;
using NAudio.Wave;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// Opens RIFF and RF64 WAVE files. NAudio locates the format and the samples. A stated length beyond the end of the file is shortened.
/// RIFX (big-endian) and encodings that exist only as Windows drivers are not supported.
/// </summary>
internal static class WavFile
{
    /// <summary>Opens a file.</summary>
    /// <returns>Null if the sample format is unknown.</returns>
    /// <exception cref="Exception">The file is broken. NAudio throws many exception types.</exception>
    public static IAudioReader? Open(ReadOnlyMemory<byte> bytes)
    {
        // NAudio searches chunks only inside the stated RIFF length, which is 0 if the recorder crashed.
        byte[] head = [.. bytes.Span[..Math.Min(bytes.Length, 12)]];
        if (bytes.Span.StartsWith("RIFF"u8))
        {
            head.AsSpan(4, 4).Fill(0xFF);
        }

        using var stream = new HeaderStream(bytes, head, bytes.Length);
        using var reader = new WaveFileReader(stream);
        // The reader has positioned the stream at the first sample.
        var start = (int)Math.Min(stream.Position, bytes.Length);
        return Open(reader.WaveFormat, bytes.Slice(start, (int)Math.Min(reader.Length, bytes.Length - start)));
    }

    private static IAudioReader? Open(WaveFormat format, ReadOnlyMemory<byte> data) => Encoding(format) switch
    {
        WaveFormatEncoding.Adpcm when format.Channels is 1 or 2 =>
            Adpcm(data, new MsAdpcm(format.BlockAlign, format.Channels), format),
        WaveFormatEncoding.DviAdpcm when format.Channels is 1 or 2 =>
            Adpcm(data, new ImaAdpcm(format.BlockAlign, format.Channels), format),
        var encoding when FormatOf(encoding, format.BitsPerSample) is { } sampleFormat =>
            new PcmReader(data, sampleFormat, bigEndian: false, format.SampleRate, format.Channels),
        _ => null,
    };

    private static AdpcmReader? Adpcm(ReadOnlyMemory<byte> data, IAdpcmCodec codec, WaveFormat format) =>
        codec.Frames(codec.BlockBytes) > 0 ? new AdpcmReader(data, codec, format.SampleRate) : null;

    /// <summary>
    /// Returns the encoding. For WAVE_FORMAT_EXTENSIBLE it is in the extra data: valid bits (2 bytes), channel mask (4), GUID of the
    /// subformat. The GUID starts with the number of the encoding.
    /// </summary>
    private static WaveFormatEncoding Encoding(WaveFormat format) =>
        format is WaveFormatExtraData { Encoding: WaveFormatEncoding.Extensible, ExtraData: { Length: >= 22 } extra }
            ? (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(6))
            : format.Encoding;

    private static SampleFormat? FormatOf(WaveFormatEncoding encoding, int bits) => (encoding, (bits + 7) / 8) switch
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
