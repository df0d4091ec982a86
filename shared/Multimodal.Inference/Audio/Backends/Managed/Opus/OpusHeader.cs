using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Opus;

/// <summary>The first packet of Opus in Ogg (RFC 7845, section 5.1).</summary>
/// <param name="Channels">1 to 255.</param>
/// <param name="PreSkip">Samples at 48 kHz to drop at the start.</param>
/// <param name="InputRate">Rate of the original; 0 if unknown.</param>
/// <param name="Gain">To apply, in 1/256 decibel.</param>
/// <param name="Streams">Opus streams in a packet.</param>
/// <param name="Coupled">How many of them are stereo.</param>
/// <param name="Mapping">For each channel, which decoded one it is.</param>
internal sealed record OpusHeader(int Channels, int PreSkip, uint InputRate, int Gain, int Streams, int Coupled, byte[] Mapping)
{
    private const int FixedLength = 19;
    private const int MostInFamily1 = 8;

    /// <summary>The lowest rate that Opus decodes to and that holds all of the original, as libsndfile chooses it.</summary>
    public int DecodedRate => InputRate switch
    {
        > 24_000 => 48_000,
        > 16_000 => 24_000,
        > 12_000 => 16_000,
        > 8_000 => 12_000,
        _ => 8_000,
    };

    /// <summary>Reads the packet; null if it is broken.</summary>
    public static OpusHeader? Read(ReadOnlySpan<byte> packet)
    {
        // The upper half of the version is the one that is not compatible.
        if (packet.Length < FixedLength || !packet.StartsWith("OpusHead"u8) || packet[8] >> 4 != 0 || packet[9] == 0)
        {
            return null;
        }

        var (channels, family) = ((int)packet[9], packet[18]);
        var (streams, coupled, mapping) = (1, channels - 1, (byte[])[0, 1]);
        if (family == 0 ? channels > 2 : packet.Length != FixedLength + 2 + channels || (family == 1 && channels > MostInFamily1))
        {
            return null;
        }

        if (family != 0)
        {
            (streams, coupled, mapping) = (packet[19], packet[20], packet[21..].ToArray());
        }

        return new OpusHeader(
            channels,
            BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]),
            BinaryPrimitives.ReadInt16LittleEndian(packet[16..]),
            streams,
            coupled,
            mapping);
    }
}
