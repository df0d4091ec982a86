using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Mpeg;

/// <summary>
/// The header of an MPEG Layer III frame (ISO/IEC 11172-3, section 2.4.2.3; ISO/IEC 13818-3; MPEG 2.5 as written by LAME).
/// </summary>
internal readonly record struct Mp3Header
{
    public const int ByteLength = 4;

    private readonly uint _bits;

    private Mp3Header(uint bits) => _bits = bits;

    // Kilobits per second by bit rate index, from 1: first MPEG 1, then MPEG 2 and 2.5.
    private static ReadOnlySpan<short> Mpeg1Rates => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    private static ReadOnlySpan<short> Mpeg2Rates => [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    private static ReadOnlySpan<int> Mpeg1SampleRates => [44_100, 48_000, 32_000];

    /// <summary>Whether the version is MPEG 1, with two granules per frame and the highest sample rates.</summary>
    public bool IsMpeg1 => VersionIndex == 3;

    /// <summary>Whether the version is MPEG 2.5, with a quarter of the sample rates of MPEG 1.</summary>
    public bool IsMpeg25 => VersionIndex == 0;

    /// <summary>Whether two bytes of CRC follow the header.</summary>
    public bool HasCrc => (_bits & 0x1_0000) == 0;

    /// <summary>Index of the bit rate, 1 to 14.</summary>
    public int BitRateIndex => (int)(_bits >> 12) & 15;

    /// <summary>Index of the sample rate, 0 to 2.</summary>
    public int SampleRateIndex => (int)(_bits >> 10) & 3;

    /// <summary>0 stereo, 1 joint stereo, 2 dual channel, 3 mono.</summary>
    public int ChannelMode => (int)(_bits >> 6) & 3;

    /// <summary>In joint stereo: bit 0 intensity stereo, bit 1 mid/side stereo.</summary>
    public int ModeExtension => (int)(_bits >> 4) & 3;

    /// <summary>Number of channels, 1 or 2.</summary>
    public int Channels => ChannelMode == 3 ? 1 : 2;

    /// <summary>Bits per second.</summary>
    public int BitRate => 1000 * (IsMpeg1 ? Mpeg1Rates : Mpeg2Rates)[BitRateIndex - 1];

    /// <summary>Sample rate in hertz.</summary>
    public int SampleRate => Mpeg1SampleRates[SampleRateIndex] >> (IsMpeg1 ? 0 : IsMpeg25 ? 2 : 1);

    /// <summary>Samples per channel in a frame.</summary>
    public int Samples => IsMpeg1 ? 1152 : 576;

    /// <summary>Length of the frame in bytes, including the header.</summary>
    public int FrameLength => (Samples / 8 * BitRate / SampleRate) + ((int)(_bits >> 9) & 1);

    /// <summary>Length of the side information after the header and its CRC, in bytes.</summary>
    public int SideInfoLength => IsMpeg1 ? (Channels == 1 ? 17 : 32) : (Channels == 1 ? 9 : 17);

    private int VersionIndex => (int)(_bits >> 19) & 3;

    /// <summary>Reads a header.</summary>
    /// <returns>False if the bytes are not a header of Layer III, or one of free format.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Header header)
    {
        header = default;
        if (bytes.Length < ByteLength)
        {
            return false;
        }

        header = new Mp3Header(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var layer = (header._bits >> 17) & 3;
        return header._bits >> 21 == 0x7FF
            && header.VersionIndex != 1
            && layer == 1
            && header.BitRateIndex is not (0 or 15)
            && header.SampleRateIndex != 3;
    }

    /// <summary>Returns a header with another bit rate, without CRC and padding.</summary>
    public Mp3Header WithoutCrc(int bitRateIndex) => new((_bits & ~0xF200u) | 0x1_0000u | ((uint)bitRateIndex << 12));

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, _bits);

    /// <summary>Whether both frames can belong to the same stream.</summary>
    public bool Continues(Mp3Header other) =>
        VersionIndex == other.VersionIndex && SampleRateIndex == other.SampleRateIndex && Channels == other.Channels;
}
