using System.Buffers.Binary;
using NAudio.Codecs;

namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Turns stored samples into floats: integers of full scale become -1 to 1, floats stay what they are.</summary>
internal static class SampleFormats
{
    private const byte MuLawNegativeZero = 0x7F;

    /// <summary>Bytes of one sample.</summary>
    public static int Width(this SampleFormat coding) => coding switch
    {
        SampleFormat.Signed16 => 2,
        SampleFormat.Signed24 => 3,
        SampleFormat.Signed32 or SampleFormat.Float32 => 4,
        SampleFormat.Float64 => 8,
        _ => 1,
    };

    /// <summary>Decodes as many samples as <paramref name="samples"/> holds.</summary>
    public static void Decode(this SampleFormat coding, ReadOnlySpan<byte> stored, bool bigEndian, Span<float> samples)
    {
        var width = coding.Width();
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = One(coding, stored.Slice(i * width, width), bigEndian);
        }
    }

    private static float One(SampleFormat coding, ReadOnlySpan<byte> stored, bool bigEndian) => coding switch
    {
        SampleFormat.Unsigned8 => (stored[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)stored[0] / 128f,
        SampleFormat.Signed16 => (bigEndian ? BinaryPrimitives.ReadInt16BigEndian(stored) : BinaryPrimitives.ReadInt16LittleEndian(stored)) / 32_768f,
        SampleFormat.Signed24 => Signed24(stored, bigEndian) / 8_388_608f,
        SampleFormat.Signed32 => (bigEndian ? BinaryPrimitives.ReadInt32BigEndian(stored) : BinaryPrimitives.ReadInt32LittleEndian(stored)) / 2_147_483_648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(stored) : BinaryPrimitives.ReadSingleLittleEndian(stored),
        SampleFormat.Float64 => (float)(bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(stored) : BinaryPrimitives.ReadDoubleLittleEndian(stored)),
        SampleFormat.ALaw => ALawDecoder.ALawToLinearSample(stored[0]) / 32_768f,
        // NAudio's table has -1 for the negative zero; G.711 has 0.
        SampleFormat.MuLaw => stored[0] == MuLawNegativeZero ? 0 : MuLawDecoder.MuLawToLinearSample(stored[0]) / 32_768f,
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "This is a bug: an unknown coding."),
    };

    private static int Signed24(ReadOnlySpan<byte> stored, bool bigEndian) =>
        bigEndian ? ((sbyte)stored[0] << 16) | (stored[1] << 8) | stored[2] : ((sbyte)stored[2] << 16) | (stored[1] << 8) | stored[0];
}
