using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Opus;

/// <summary>The identification header of Opus in Ogg (RFC 7845, section 5.1).</summary>
/// <param name="Channels">Number of channels, 1 to 255.</param>
/// <param name="PreSkip">Number of samples to drop at the start, at 48 kHz.</param>
/// <param name="InputRate">Sample rate of the original in hertz; 0 if unknown.</param>
/// <param name="Gain">Output gain in 1/256 decibel.</param>
/// <param name="Streams">Number of Opus streams in a packet.</param>
/// <param name="Coupled">Number of stereo streams among them.</param>
/// <param name="Mapping">For each output channel, the index of the decoded channel.</param>
internal sealed record OpusHeader(int Channels, int PreSkip, uint InputRate, int Gain, int Streams, int Coupled, byte[] Mapping)
{
    private const int FixedLength = 19;
    private const int MaxChannelsInFamily1 = 8;

    /// <summary>The lowest output rate of Opus, in hertz, that preserves the original; libsndfile uses the same.</summary>
    public int DecodedRate => InputRate switch
    {
        > 24_000 => 48_000,
        > 16_000 => 24_000,
        > 12_000 => 16_000,
        > 8_000 => 12_000,
        _ => 8_000,
    };

    /// <summary>Reads the header.</summary>
    /// <returns>Null if the header is broken.</returns>
    public static OpusHeader? Read(ReadOnlySpan<byte> packet)
    {
        // A change of the upper four bits of the version is incompatible.
        if (packet.Length < FixedLength || !packet.StartsWith("OpusHead"u8) || packet[8] >> 4 != 0 || packet[9] == 0)
        {
            return null;
        }

        var (channels, family) = ((int)packet[9], packet[18]);
        var (streams, coupled, mapping) = (1, channels - 1, (byte[])[0, 1]);
        if (family == 0 ? channels > 2 : packet.Length != FixedLength + 2 + channels || (family == 1 && channels > MaxChannelsInFamily1))
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
