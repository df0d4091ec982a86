using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Inference.Tests.Vision.Decoding;

/// <summary>Valid and invalid files. All valid colour files show the image of make_files.py: red, green, blue and white quarters.</summary>
public sealed class ImageDecoderTests
{
    private static readonly MediaOptions Limits = new();

    private static readonly Dictionary<string, (MediaFailureCode Code, Func<byte[]> Make)> InvalidFiles = new()
    {
        ["empty"] = (MediaFailureCode.Empty, () => []),
        ["one byte"] = (MediaFailureCode.UnsupportedType, () => [0xFF]),
        ["random"] = (MediaFailureCode.UnsupportedType, () => Random(7, 5000)),
        ["zeros"] = (MediaFailureCode.UnsupportedType, () => new byte[4096]),
        ["text"] = (MediaFailureCode.UnsupportedType, () => Encoding.UTF8.GetBytes("seven")),
        ["svg"] = (MediaFailureCode.UnsupportedType, () => TestImages.Read("drawing.svg")),
        ["pdf"] = (MediaFailureCode.UnsupportedType, () => TestImages.Read("page.pdf")),
        ["zip"] = (MediaFailureCode.UnsupportedType, () => [0x50, 0x4B, 3, 4, .. Random(1, 200)]),
        ["bmp"] = (MediaFailureCode.UnsupportedType, () => [0x42, 0x4D, .. Random(2, 200)]),
        ["ppm"] = (MediaFailureCode.UnsupportedType, () => [.. "P6 2 2 255\n"u8, .. Random(3, 12)]),
        ["jpeg 2000"] = (MediaFailureCode.UnsupportedType, () => [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 0x0A, .. Random(4, 100)]),
        ["heic"] = (MediaFailureCode.UnsupportedType, () => [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. Random(5, 100)]),
        ["mp4"] = (MediaFailureCode.UnsupportedType, () => [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 0, 0, .. "isommp42"u8, .. Random(6, 100)]),
        ["wav"] = (MediaFailureCode.UnsupportedType, () => [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVE"u8, .. new byte[40]]),
        ["jpeg signature only"] = (MediaFailureCode.Undecodable, () => [0xFF, 0xD8, 0xFF]),
        ["png signature only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("rgb8.png")[..8]),
        ["png header only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("rgb8.png")[..33]),
        ["gif header only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("still.gif")[..13]),
        ["webp header only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("lossy.webp")[..16]),
        ["tiff header only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("lzw.tiff")[..8]),
        ["avif header only"] = (MediaFailureCode.Undecodable, () => TestImages.Read("still.avif")[..32]),
        ["jpeg signature and noise"] = (MediaFailureCode.Undecodable, () => [0xFF, 0xD8, 0xFF, 0xE0, .. Random(8, 3000)]),
        ["png signature and noise"] = (MediaFailureCode.Undecodable, () => [.. TestImages.Read("rgb8.png")[..8], .. Random(9, 3000)]),
        ["png with a broken checksum"] = (MediaFailureCode.Undecodable, () => TestImages.Read("bad-crc.png")),
        ["png with too few rows"] = (MediaFailureCode.Undecodable, () => TestImages.Read("lying-dimensions.png")),
        ["png with huge dimensions"] = (MediaFailureCode.TooLarge, () => TestImages.PngWithStatedSize(50_000, 50_000)),
        ["png of many columns"] = (MediaFailureCode.TooLarge, () => TestImages.PngWithStatedSize(100_000_000, 1)),
        ["too many bytes"] = (MediaFailureCode.TooLarge, () => [0xFF, 0xD8, 0xFF, .. new byte[Limits.ImageBytes]]),
    };

    private static readonly (string Name, string MediaType)[] ValidFiles =
    [
        ("baseline.jpg", "image/jpeg"),
        ("progressive.jpg", "image/jpeg"),
        ("subsampled.jpg", "image/jpeg"),
        ("cmyk.jpg", "image/jpeg"),
        ("orientation-1.jpg", "image/jpeg"),
        ("orientation-2.jpg", "image/jpeg"),
        ("orientation-3.jpg", "image/jpeg"),
        ("orientation-4.jpg", "image/jpeg"),
        ("orientation-5.jpg", "image/jpeg"),
        ("orientation-6.jpg", "image/jpeg"),
        ("orientation-7.jpg", "image/jpeg"),
        ("orientation-8.jpg", "image/jpeg"),
        ("rgb8.png", "image/png"),
        ("rgb16.png", "image/png"),
        ("palette.png", "image/png"),
        ("alpha.png", "image/png"),
        ("interlaced.png", "image/png"),
        ("lossy.webp", "image/webp"),
        ("lossless.webp", "image/webp"),
        ("alpha-lossless.webp", "image/webp"),
        ("animated.webp", "image/webp"),
        ("still.gif", "image/gif"),
        ("animated.gif", "image/gif"),
        ("still.avif", "image/avif"),
        ("lzw.tiff", "image/tiff"),
        ("deflate.tiff", "image/tiff"),
        ("pages.tiff", "image/tiff"),
        ("cmyk.tiff", "image/tiff"),
    ];

    /// <summary>Each valid file on each backend that supports it. ImageSharp does not support CMYK.</summary>
    public static TheoryData<string, string, ImageDecoderKind> ColourFiles
    {
        get
        {
            TheoryData<string, string, ImageDecoderKind> files = [];
            foreach (var (name, mediaType) in ValidFiles)
            {
                files.Add(name, mediaType, ImageDecoderKind.Libvips);
                if (name != "cmyk.jpg" && mediaType is not ("image/avif" or "image/tiff"))
                {
                    files.Add(name, mediaType, ImageDecoderKind.ImageSharp);
                }
            }

            foreach (var name in new[] { "rgb24", "top-down", "palette8", "rle8", "rle4", "fields32", "alpha32" })
            {
                files.Add(name + ".bmp", "image/bmp", ImageDecoderKind.ImageSharp);
            }

            return files;
        }
    }

    /// <summary>Each invalid file on both backends. ImageSharp does not support AVIF and TIFF.</summary>
    public static TheoryData<string, MediaFailureCode, ImageDecoderKind> InvalidFilesOnBothBackends
    {
        get
        {
            TheoryData<string, MediaFailureCode, ImageDecoderKind> files = [];
            foreach ((var name, (var code, _)) in InvalidFiles)
            {
                var isSupported = name is not ("tiff header only" or "avif header only");
                files.Add(name, code, ImageDecoderKind.Libvips);
                files.Add(name, isSupported ? code : MediaFailureCode.UnsupportedType, ImageDecoderKind.ImageSharp);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(ColourFiles))]
    public void TryDecode_ColourFile_ShowsTheImage(string name, string mediaType, ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };
        var bytes = TestImages.Read(name);

        Assert.True(ImageInspector.TryInspect(bytes, limits, out var info, out _));
        Assert.Equal(
            (Modality.Image, mediaType, bytes.Length, 60, 40),
            (info.Modality, info.MediaType, (int)info.Length, info.Width, info.Height));
        Assert.True(ImageDecoder.TryDecode(bytes, 512, limits, out var image, out _));
        Assert.Equal((60, 40), (image.Width, image.Height));
        var (red, green) = (Level(image, 15, 10), Level(image, 45, 10));
        var (blue, white) = (Level(image, 15, 30), Level(image, 45, 30));
        Assert.True(red.R > 60 + Math.Max(red.G, red.B), $"red is {red}");
        Assert.True(green.G > 40 + Math.Max(green.R, green.B), $"green is {green}");
        Assert.True(blue.B > 40 + Math.Max(blue.R, blue.G), $"blue is {blue}");
        Assert.True(Math.Min(white.R, Math.Min(white.G, white.B)) > 240, $"white is {white}");
    }

    [Theory]
    [InlineData("gray.jpg", 74, 125, 43, ImageDecoderKind.Libvips)]
    [InlineData("gray.jpg", 74, 125, 43, ImageDecoderKind.ImageSharp)]
    [InlineData("gray8.png", 79, 125, 43, ImageDecoderKind.Libvips)]
    [InlineData("gray8.png", 79, 125, 43, ImageDecoderKind.ImageSharp)]
    [InlineData("gray16.png", 79, 125, 43, ImageDecoderKind.Libvips)]
    [InlineData("gray16.png", 79, 125, 43, ImageDecoderKind.ImageSharp)]
    [InlineData("gray16.tiff", 79, 125, 43, ImageDecoderKind.Libvips)]
    [InlineData("bilevel.png", 0, 0, 0, ImageDecoderKind.Libvips)]
    [InlineData("bilevel.png", 0, 0, 0, ImageDecoderKind.ImageSharp)]
    public void TryDecodeGray_GrayFile_HasTheExpectedLevels(string name, int red, int green, int blue, ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };

        Assert.True(ImageDecoder.TryDecodeGray(TestImages.Read(name), 512, limits, out var image, out _));

        Assert.InRange(image.Pixels[(10 * 60) + 15], red - 8, red + 8);
        Assert.InRange(image.Pixels[(10 * 60) + 45], green - 8, green + 8);
        Assert.InRange(image.Pixels[(30 * 60) + 15], blue - 8, blue + 8);
        Assert.InRange(image.Pixels[(30 * 60) + 45], 247, 255);
    }

    [Theory]
    [MemberData(nameof(InvalidFilesOnBothBackends))]
    public void TryDecode_InvalidFile_ReturnsTheCode(string name, MediaFailureCode code, ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };

        Assert.False(ImageDecoder.TryDecode(InvalidFiles[name].Make(), 512, limits, out _, out var failure));

        Assert.Equal(code, failure.Code);
        Assert.NotEmpty(failure.Detail);
    }

    [Theory]
    [InlineData("baseline.jpg", 0.3, ImageDecoderKind.Libvips)]
    [InlineData("baseline.jpg", 0.3, ImageDecoderKind.ImageSharp)]
    [InlineData("baseline.jpg", 0.7, ImageDecoderKind.Libvips)]
    [InlineData("baseline.jpg", 0.7, ImageDecoderKind.ImageSharp)]
    [InlineData("progressive.jpg", 0.5, ImageDecoderKind.Libvips)]
    [InlineData("progressive.jpg", 0.5, ImageDecoderKind.ImageSharp)]
    [InlineData("rgb8.png", 0.4, ImageDecoderKind.Libvips)]
    [InlineData("rgb8.png", 0.4, ImageDecoderKind.ImageSharp)]
    [InlineData("rgb8.png", 0.7, ImageDecoderKind.Libvips)]
    [InlineData("rgb8.png", 0.7, ImageDecoderKind.ImageSharp)]
    [InlineData("interlaced.png", 0.6, ImageDecoderKind.Libvips)]
    [InlineData("interlaced.png", 0.6, ImageDecoderKind.ImageSharp)]
    [InlineData("lossy.webp", 0.5, ImageDecoderKind.Libvips)]
    [InlineData("lossy.webp", 0.5, ImageDecoderKind.ImageSharp)]
    [InlineData("still.gif", 0.7, ImageDecoderKind.Libvips)]
    [InlineData("still.gif", 0.7, ImageDecoderKind.ImageSharp)]
    [InlineData("still.avif", 0.8, ImageDecoderKind.Libvips)]
    [InlineData("lzw.tiff", 0.3, ImageDecoderKind.Libvips)]
    public void TryDecode_TruncatedFile_IsUndecodable(string name, double share, ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };
        var bytes = TestImages.Read(name);

        Assert.False(ImageDecoder.TryDecode(bytes.AsSpan(0, (int)(share * bytes.Length)), 512, limits, out _, out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Libvips)]
    [InlineData(ImageDecoderKind.ImageSharp)]
    public void TryDecode_ThousandsOfFrames_DecodesTheFirst(ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };
        Assert.True(ImageDecoder.TryDecode(TestImages.GifOfFrames(20_000), 512, limits, out var image, out _));

        Assert.Equal((60, 40), (image.Width, image.Height));
    }

    [Theory]
    [InlineData(ImageDecoderKind.Libvips)]
    [InlineData(ImageDecoderKind.ImageSharp)]
    public void TryDecode_LargestImage_IsReduced(ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };
        Assert.True(ImageDecoder.TryDecode(TestImages.Read("huge-within-limits.png"), 200, limits, out var image, out _));

        Assert.Equal((200, 200), (image.Width, image.Height));
        Assert.All(image.Pixels, level => Assert.Equal(0, level));
    }

    [Fact]
    public void TryInspect_AboveThePixelLimit_StatesTheLimit()
    {
        MediaOptions limits = new() { ImagePixels = 2399 };

        Assert.False(ImageInspector.TryInspect(TestImages.Read("rgb8.png"), limits, out _, out var failure));

        Assert.Equal(MediaFailureCode.TooLarge, failure.Code);
        Assert.Contains("2399", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Libvips)]
    [InlineData(ImageDecoderKind.ImageSharp)]
    public void TryDecode_ManyThreads_HaveTheSameResult(ImageDecoderKind decoder)
    {
        MediaOptions limits = new() { ImageDecoder = decoder };
        var good = TestImages.Read("orientation-6.jpg");
        var bad = good[..(good.Length * 7 / 10)];
        Assert.True(ImageDecoder.TryDecode(good, 512, limits, out var expected, out _));

        Parallel.For(0, 64, i =>
        {
            Assert.Equal(i % 2 == 0, ImageDecoder.TryDecode(i % 2 == 0 ? good : bad, 512, limits, out var image, out _));
            Assert.Equal(i % 2 == 0 ? expected.Pixels : null, image?.Pixels);
        });
    }

    private static (int R, int G, int B) Level(RgbImage image, int x, int y)
    {
        var at = 3 * ((y * image.Width) + x);
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    private static byte[] Random(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
