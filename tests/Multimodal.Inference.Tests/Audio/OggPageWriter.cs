using System.Buffers.Binary;

namespace Multimodal.Inference.Tests.Audio;

/// <summary>Writes Ogg pages with arbitrary fields and a valid checksum.</summary>
internal static class OggPageWriter
{
    private const int Header = 27;

    /// <summary>Creates a page of complete packets with less than 255 segments in total.</summary>
    public static byte[] Page(byte flags, long granule, int number, params byte[][] packets)
    {
        byte[] segments =
        [
            .. packets.SelectMany(packet => Enumerable.Repeat((byte)255, packet.Length / 255).Append((byte)(packet.Length % 255))),
        ];
        byte[] header = [.. "OggS"u8, 0, flags, .. new byte[8], 1, 2, 3, 4, .. new byte[8], (byte)segments.Length];
        byte[] page = [.. header, .. segments, .. packets.SelectMany(packet => packet)];
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), number);
        Seal(page);
        return page;
    }

    /// <summary>Corrects the checksum of every complete page.</summary>
    public static void Seal(Span<byte> file)
    {
        for (int found; (found = file.IndexOf("OggS"u8)) >= 0;)
        {
            file = file[found..];
            var length = file.Length < Header ? int.MaxValue : Header + file[26];
            for (var i = 0; length < int.MaxValue && i < file[26] && Header + i < file.Length; i++)
            {
                length += file[Header + i];
            }

            if (length <= file.Length)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file[22..], 0);
                BinaryPrimitives.WriteUInt32LittleEndian(file[22..], Checksum(file[..length]));
            }

            file = file[4..];
        }
    }

    /// <summary>Computes the CRC-32 of RFC 3533 bit by bit.</summary>
    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        var remainder = 0u;
        foreach (var value in page)
        {
            remainder ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder << 1) ^ ((remainder >> 31) * 0x04C1_1DB7);
            }
        }

        return remainder;
    }
}
