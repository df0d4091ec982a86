using System.Buffers.Binary;
using System.IO.Compression;
using Multimodal.Inference.Vision;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>Image files of the tests: shipped ones, and PNG files made from pixels.</summary>
internal static class TestImages
{
    public static byte[] Shipped(string name) =>
        File.ReadAllBytes(RepositoryFiles.At("tests", "Multimodal.Inference.Tests", "Vision", "files", name));

    public static byte[] Png(GrayImage image) => Png(image.Width, image.Height, 0, image.Pixels);

    public static byte[] Png(RgbImage image) => Png(image.Width, image.Height, 2, image.Pixels);

    /// <summary>A header that promises an image and a body with hardly any.</summary>
    public static byte[] PngThatPromises(int width, int height) => Png(width, height, 0, new byte[width], rows: 1);

    /// <summary>A GIF of one pixel many times over.</summary>
    public static byte[] GifOfFrames(int frames)
    {
        byte[] header = [.. "GIF89a"u8, 60, 0, 40, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0];
        byte[] frame = [0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. header, .. Enumerable.Repeat(frame, frames).SelectMany(bytes => bytes), 0x3B];
    }

    private static byte[] Png(int width, int height, byte colourType, byte[] pixels, int? rows = null)
    {
        int stride = width * (colourType == 2 ? 3 : 1);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < (rows ?? height); y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels, y * stride, stride);
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
