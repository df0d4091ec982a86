using System.Buffers.Binary;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>Chunks that no encoder writes, for files that lie under a valid checksum.</summary>
internal static class PngChunk
{
    /// <summary>A chunk of any name and data.</summary>
    public static byte[] Make(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Seal(chunk, 0);
        return chunk;
    }

    /// <summary>Where the first chunk of a name begins.</summary>
    public static int Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name) => file.IndexOf(name) - 4;

    /// <summary>Makes the checksum of the chunk at a place right; does nothing if the chunk does not end inside the file.</summary>
    public static void Seal(byte[] file, int at)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
        if (length <= file.Length - at - 12)
        {
            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Checksum(file.AsSpan(at + 4, end - at - 4)));
        }
    }

    /// <summary>CRC-32 of ISO 3309.</summary>
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
