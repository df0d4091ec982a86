using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>The first packet of a Vorbis stream (Vorbis I, section 4.2.2).</summary>
/// <param name="Channels">1 to 255.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="ShortBlock">Samples of a short block, 64 to 8192.</param>
/// <param name="LongBlock">Samples of a long block, at least as many.</param>
internal sealed record VorbisHeader(int Channels, int SampleRate, int ShortBlock, int LongBlock)
{
    private const int ByteLength = 30;

    /// <summary>Reads the packet; null if it is broken.</summary>
    public static VorbisHeader? Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < ByteLength || !packet.StartsWith("\u0001vorbis\0\0\0\0"u8))
        {
            return null;
        }

        var head = new VorbisHeader(packet[11], BinaryPrimitives.ReadInt32LittleEndian(packet[12..]), 1 << (packet[28] & 15), 1 << (packet[28] >> 4));
        return head.Channels > 0 && head.ShortBlock is >= 64 and <= 8192 && head.LongBlock is >= 64 and <= 8192 && head.ShortBlock <= head.LongBlock ? head : null;
    }
}
