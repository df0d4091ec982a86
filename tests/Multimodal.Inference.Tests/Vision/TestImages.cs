using System.Buffers.Binary;
using Multimodal.Inference.Vision;
using Multimodal.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>Reads and creates image files for tests.</summary>
internal static class TestImages
{
    private const int HeaderData = 16;

    public static byte[] Read(string name) =>
        File.ReadAllBytes(RepositoryFiles.At("tests", "Multimodal.Inference.Tests", "Vision", "files", name));

    public static byte[] Png(GrayImage image)
    {
        using var pixels = Image.LoadPixelData<L8>(image.Pixels, image.Width, image.Height);
        return Png(pixels, PngColorType.Grayscale);
    }

    public static byte[] Png(RgbImage image)
    {
        using var pixels = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        return Png(pixels, PngColorType.Rgb);
    }

    /// <summary>Creates a file whose header states a size and that contains one pixel.</summary>
    public static byte[] PngWithStatedSize(int width, int height)
    {
        var file = Png(new GrayImage(1, 1, [0]));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(HeaderData), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(HeaderData + 4), height);
        PngChunk.Seal(file, HeaderData - 8);
        return file;
    }

    /// <summary>Creates a GIF with many frames of one pixel.</summary>
    public static byte[] GifOfFrames(int frames)
    {
        byte[] header = [.. "GIF89a"u8, 60, 0, 40, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0];
        byte[] frame = [0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. header, .. Enumerable.Repeat(frame, frames).SelectMany(bytes => bytes), 0x3B];
    }

    private static byte[] Png<TPixel>(Image<TPixel> image, PngColorType type)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using MemoryStream file = new();
        image.SaveAsPng(file, new PngEncoder { ColorType = type, BitDepth = PngBitDepth.Bit8 });
        return file.ToArray();
    }
}
