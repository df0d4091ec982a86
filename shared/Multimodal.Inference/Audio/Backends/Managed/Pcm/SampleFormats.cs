using System.Buffers.Binary;
using NAudio.Codecs;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Converts stored samples to floats. Integers are scaled to [-1, 1]; floats are unchanged.</summary>
internal static class SampleFormats
{
    private const byte MuLawNegativeZero = 0x7F;

    /// <summary>Returns the size of a sample in bytes.</summary>
    public static int Width(this SampleFormat format) => format switch
    {
        SampleFormat.Signed16 => 2,
        SampleFormat.Signed24 => 3,
        SampleFormat.Signed32 or SampleFormat.Float32 => 4,
        SampleFormat.Float64 => 8,
        _ => 1,
    };

    /// <summary>Decodes as many samples as fit into <paramref name="samples"/>.</summary>
    public static void Decode(this SampleFormat format, ReadOnlySpan<byte> stored, bool bigEndian, Span<float> samples)
    {
        var width = format.Width();
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = DecodeSample(format, stored.Slice(i * width, width), bigEndian);
        }
    }

    private static float DecodeSample(SampleFormat format, ReadOnlySpan<byte> stored, bool bigEndian) => format switch
    {
        SampleFormat.Unsigned8 => (stored[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)stored[0] / 128f,
        SampleFormat.Signed16 when bigEndian => BinaryPrimitives.ReadInt16BigEndian(stored) / 32_768f,
        SampleFormat.Signed16 => BinaryPrimitives.ReadInt16LittleEndian(stored) / 32_768f,
        SampleFormat.Signed24 => Signed24(stored, bigEndian) / 8_388_608f,
        SampleFormat.Signed32 when bigEndian => BinaryPrimitives.ReadInt32BigEndian(stored) / 2_147_483_648f,
        SampleFormat.Signed32 => BinaryPrimitives.ReadInt32LittleEndian(stored) / 2_147_483_648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(stored) : BinaryPrimitives.ReadSingleLittleEndian(stored),
        SampleFormat.Float64 when bigEndian => (float)BinaryPrimitives.ReadDoubleBigEndian(stored),
        SampleFormat.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(stored),
        SampleFormat.ALaw => ALawDecoder.ALawToLinearSample(stored[0]) / 32_768f,
        // The table of NAudio contains -1 for the negative zero; G.711 defines 0.
        SampleFormat.MuLaw => stored[0] == MuLawNegativeZero ? 0 : MuLawDecoder.MuLawToLinearSample(stored[0]) / 32_768f,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown sample format. This is a bug."),
    };

    private static int Signed24(ReadOnlySpan<byte> stored, bool bigEndian) =>
        bigEndian ? ((sbyte)stored[0] << 16) | (stored[1] << 8) | stored[2] : ((sbyte)stored[2] << 16) | (stored[1] << 8) | stored[0];
}
