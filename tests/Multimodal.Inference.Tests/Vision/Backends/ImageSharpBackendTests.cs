using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Inference.Tests.Vision.Backends;

/// <summary>Files that ImageSharp must not decode, or must decode like libvips.</summary>
public sealed class ImageSharpBackendTests
{
    private static readonly MediaOptions LibVips = new();
    private static readonly MediaOptions ImageSharp = new() { ImageDecoder = ImageDecoderKind.ImageSharp };

    [Theory]
    [InlineData("rgb24.bmp")]
    [InlineData("top-down.bmp")]
    [InlineData("palette8.bmp")]
    [InlineData("rle8.bmp")]
    [InlineData("rle4.bmp")]
    [InlineData("fields32.bmp")]
    [InlineData("alpha32.bmp")]
    public void TryDecode_Bmp_HasThePixelsOfThePng(string name)
    {
        Assert.True(ImageDecoder.TryDecode(TestImages.Read("rgb8.png"), 512, LibVips, out var expected, out _));

        Assert.True(ImageDecoder.TryDecode(TestImages.Read(name), 512, ImageSharp, out var actual, out _));

        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    [Theory]
    [InlineData("rgb24.bmp")]
    [InlineData("palette8.bmp")]
    [InlineData("rle8.bmp")]
    [InlineData("rle4.bmp")]
    [InlineData("alpha32.bmp")]
    public void TryDecode_TruncatedBmp_IsRefused(string name)
    {
        var bytes = TestImages.Read(name);

        int[] lengths = [.. Enumerable.Range(1, 31).Select(part => bytes.Length * part / 32), bytes.Length - 1];

        Assert.All(lengths, length => Assert.False(ImageDecoder.TryDecode(bytes.AsSpan(0, length), 512, ImageSharp, out _, out _)));
    }

    [Theory]
    [InlineData("lzw.tiff", ImageDecoderKind.ImageSharp, "TIFF", "JPEG, PNG, WebP, GIF and BMP")]
    [InlineData("still.avif", ImageDecoderKind.ImageSharp, "AVIF", "JPEG, PNG, WebP, GIF and BMP")]
    public void TryInspect_TypeOfTheOtherBackend_NamesItAndTheSupportedTypes(
        string name, ImageDecoderKind decoder, string type, string supported)
    {
        Assert.False(ImageInspector.TryInspect(TestImages.Read(name), new MediaOptions { ImageDecoder = decoder }, out _, out var failure));

        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
        Assert.Equal($"The image is a {type} file; this server reads {supported}. Convert it to PNG or JPEG.", failure.Detail);
    }

    [Fact]
    public void TryDecode_CmykJpeg_IsRefusedWithItsName()
    {
        Assert.False(ImageDecoder.TryDecode(TestImages.Read("cmyk.jpg"), 512, ImageSharp, out _, out var failure));

        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
        Assert.Contains("CMYK", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xC3, "lossless")]
    public void TryDecode_JpegWithAnotherCoding_IsRefusedWithItsName(byte frameMarker, string coding)
    {
        var bytes = TestImages.Read("baseline.jpg");
        bytes[bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = frameMarker;

        Assert.False(ImageDecoder.TryDecode(bytes, 512, ImageSharp, out _, out var failure));

        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
        Assert.Contains(coding, failure.Detail, StringComparison.Ordinal);
    }

    /// <summary>ImageSharp 2.1.13 reads memory after the palette of an interlaced file.</summary>
    [Theory]
    [InlineData(PngInterlaceMode.Adam7)]
    [InlineData(PngInterlaceMode.None)]
    public void TryDecode_PaletteTooShort_HasTheResultOfLibvips(PngInterlaceMode interlace)
    {
        var file = Palette(interlace);
        int palette = PngChunk.Find(file, "PLTE"u8), length = 12 + file[palette + 2] * 256 + file[palette + 3];
        byte[] cut = [.. file[..palette], .. PngChunk.Create("PLTE"u8, file.AsSpan(palette + 8, 3)), .. file[(palette + length)..]];

        var isDecoded = ImageDecoder.TryDecode(cut, 512, LibVips, out var expected, out _);

        Assert.Equal(isDecoded, ImageDecoder.TryDecode(cut, 512, ImageSharp, out var actual, out _));
        Assert.Equal(expected?.Pixels, actual?.Pixels);
    }

    [Fact]
    public void TryDecode_PaletteMissing_IsRefused()
    {
        var file = Palette(PngInterlaceMode.Adam7);
        int palette = PngChunk.Find(file, "PLTE"u8), length = 12 + file[palette + 2] * 256 + file[palette + 3];

        Assert.False(ImageDecoder.TryDecode([.. file[..palette], .. file[(palette + length)..]], 512, ImageSharp, out _, out _));
    }

    /// <summary>ImageSharp itself writes rows of the second width into an image of the first width.</summary>
    [Fact]
    public void TryDecode_PngWithTwoHeaders_IsRefused()
    {
        byte[] small = TestImages.Read("rgb8.png"), large = TestImages.PngWithStatedSize(4000, 4000);
        var data = PngChunk.Find(small, "IDAT"u8);

        Assert.False(ImageDecoder.TryDecode([.. small[..data], .. large[8..33], .. small[data..]], 512, ImageSharp, out _, out _));
    }

    [Fact]
    public void TryDecode_PngWithHugeStatedSize_AllocatesNoPixels()
    {
        var bytes = TestImages.PngWithStatedSize(50_000, 50_000);
        Assert.False(ImageDecoder.TryDecode(bytes, 512, ImageSharp, out _, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(ImageDecoder.TryDecode(bytes, 512, ImageSharp, out _, out var failure));

        Assert.Equal(MediaFailureCode.TooLarge, failure.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>ImageSharp itself decompresses texts of any size.</summary>
    [Fact]
    public void TryDecode_PngWithAHugeCompressedText_DoesNotDecompressIt()
    {
        using MemoryStream compressed = new();
        using (System.IO.Compression.ZLibStream zlib = new(compressed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[64 << 20]);
        }

        var file = TestImages.Read("rgb8.png");
        var data = PngChunk.Find(file, "IDAT"u8);
        byte[] bytes = [.. file[..data], .. PngChunk.Create("zTXt"u8, [.. "Comment\0\0"u8, .. compressed.ToArray()]), .. file[data..]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(ImageDecoder.TryDecode(bytes, 512, ImageSharp, out _, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static byte[] Palette(PngInterlaceMode interlace)
    {
        using var image = Image.Load<Rgb24>(TestImages.Read("rgb8.png"));
        using MemoryStream file = new();
        var encoder = new PngEncoder { ColorType = PngColorType.Palette, BitDepth = PngBitDepth.Bit8, InterlaceMethod = interlace };
        image.SaveAsPng(file, encoder);
        return file.ToArray();
    }
}
