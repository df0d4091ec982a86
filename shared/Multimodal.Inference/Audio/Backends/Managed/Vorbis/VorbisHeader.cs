using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>The identification header of a Vorbis stream (Vorbis I, section 4.2.2).</summary>
/// <param name="Channels">Number of channels, 1 to 255.</param>
/// <param name="SampleRate">Sample rate in hertz.</param>
/// <param name="ShortBlock">Length of a short block in samples, 64 to 8192.</param>
/// <param name="LongBlock">Length of a long block in samples, at least that of a short block.</param>
internal sealed record VorbisHeader(int Channels, int SampleRate, int ShortBlock, int LongBlock)
{
    private const int ByteLength = 30;

    /// <summary>Reads the header.</summary>
    /// <returns>Null if the header is broken.</returns>
    public static VorbisHeader? Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < ByteLength || !packet.StartsWith("\u0001vorbis\0\0\0\0"u8))
        {
            return null;
        }

        var sampleRate = BinaryPrimitives.ReadInt32LittleEndian(packet[12..]);
        var header = new VorbisHeader(packet[11], sampleRate, 1 << (packet[28] & 15), 1 << (packet[28] >> 4));
        var isValid = header.Channels > 0
            && header.ShortBlock is >= 64 and <= 8192
            && header.LongBlock is >= 64 and <= 8192
            && header.ShortBlock <= header.LongBlock;
        return isValid ? header : null;
    }
}
