using System.Buffers.Binary;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>Creates invalid PNG chunks with a valid checksum.</summary>
internal static class PngChunk
{
    /// <summary>Creates a chunk with any name and data.</summary>
    public static byte[] Create(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Seal(chunk, 0);
        return chunk;
    }

    /// <summary>Finds the offset of the first chunk with a name.</summary>
    public static int Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name) => file.IndexOf(name) - 4;

    /// <summary>Corrects the checksum of the chunk at an offset. Does nothing if the chunk is not complete.</summary>
    public static void Seal(byte[] file, int offset)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(offset));
        if (length <= file.Length - offset - 12)
        {
            var end = offset + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Checksum(file.AsSpan(offset + 4, end - offset - 4)));
        }
    }

    /// <summary>Computes the CRC-32 of ISO 3309.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
