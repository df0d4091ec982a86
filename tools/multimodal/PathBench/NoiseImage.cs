using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Multimodal.Tool.PathBench;

/// <summary>A grey PNG of noise from a seed, which does not compress: as many bytes as pixels.</summary>
internal static class NoiseImage
{
    /// <summary>The file of side times side pixels.</summary>
    public static byte[] Png(int side, int seed)
    {
        var rows = new byte[side * (side + 1)];
        new Random(seed).NextBytes(rows);
        for (var y = 0; y < side; y++)
        {
            // Filter type 0 begins each row.
            rows[y * (side + 1)] = 0;
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(body));
        return chunk;
    }

    /// <summary>CRC-32 of ISO 3309, as PNG uses it.</summary>
    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
