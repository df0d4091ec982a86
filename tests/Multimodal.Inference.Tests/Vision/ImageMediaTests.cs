using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision;

/// <summary>Files good and bad. Good ones all show the picture of make_files.py: red, green, blue and white quarters.</summary>
public sealed class ImageMediaTests
{
    private static readonly MediaOptions Limits = new();

    private static readonly Dictionary<string, Func<byte[]>> BadFiles = new()
    {
        ["empty"] = () => [],
        ["one byte"] = () => [0xFF],
        ["random"] = () => Random(7, 5000),
        ["zeros"] = () => new byte[4096],
        ["text"] = () => Encoding.UTF8.GetBytes("seven"),
        ["svg"] = () => TestImages.Shipped("drawing.svg"),
        ["pdf"] = () => TestImages.Shipped("page.pdf"),
        ["zip"] = () => [0x50, 0x4B, 3, 4, .. Random(1, 200)],
        ["bmp"] = () => [0x42, 0x4D, .. Random(2, 200)],
        ["ppm"] = () => [.. "P6 2 2 255\n"u8, .. Random(3, 12)],
        ["jpeg 2000"] = () => [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 0x0A, .. Random(4, 100)],
        ["heic"] = () => [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. Random(5, 100)],
        ["mp4"] = () => [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 0, 0, .. "isommp42"u8, .. Random(6, 100)],
        ["wav"] = () => [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVE"u8, .. new byte[40]],
        ["jpeg magic only"] = () => [0xFF, 0xD8, 0xFF],
        ["png magic only"] = () => TestImages.Shipped("rgb8.png")[..8],
        ["png header only"] = () => TestImages.Shipped("rgb8.png")[..33],
        ["gif header only"] = () => TestImages.Shipped("still.gif")[..13],
        ["webp header only"] = () => TestImages.Shipped("lossy.webp")[..16],
        ["tiff header only"] = () => TestImages.Shipped("lzw.tiff")[..8],
        ["avif header only"] = () => TestImages.Shipped("still.avif")[..32],
        ["jpeg magic and noise"] = () => [0xFF, 0xD8, 0xFF, 0xE0, .. Random(8, 3000)],
        ["png magic and noise"] = () => [.. TestImages.Shipped("rgb8.png")[..8], .. Random(9, 3000)],
        ["png with a broken checksum"] = () => TestImages.Shipped("bad-crc.png"),
        ["png with too few rows"] = () => TestImages.Shipped("lying-dimensions.png"),
        ["png bomb"] = () => TestImages.PngThatPromises(50_000, 50_000),
        ["png of many columns"] = () => TestImages.PngThatPromises(100_000_000, 1),
        ["too many bytes"] = () => [0xFF, 0xD8, 0xFF, .. new byte[Limits.ImageBytes]],
    };

    [Theory]
    [InlineData("baseline.jpg", "image/jpeg")]
    [InlineData("progressive.jpg", "image/jpeg")]
    [InlineData("subsampled.jpg", "image/jpeg")]
    [InlineData("cmyk.jpg", "image/jpeg")]
    [InlineData("orientation-1.jpg", "image/jpeg")]
    [InlineData("orientation-2.jpg", "image/jpeg")]
    [InlineData("orientation-3.jpg", "image/jpeg")]
    [InlineData("orientation-4.jpg", "image/jpeg")]
    [InlineData("orientation-5.jpg", "image/jpeg")]
    [InlineData("orientation-6.jpg", "image/jpeg")]
    [InlineData("orientation-7.jpg", "image/jpeg")]
    [InlineData("orientation-8.jpg", "image/jpeg")]
    [InlineData("rgb8.png", "image/png")]
    [InlineData("rgb16.png", "image/png")]
    [InlineData("palette.png", "image/png")]
    [InlineData("alpha.png", "image/png")]
    [InlineData("interlaced.png", "image/png")]
    [InlineData("lossy.webp", "image/webp")]
    [InlineData("lossless.webp", "image/webp")]
    [InlineData("alpha-lossless.webp", "image/webp")]
    [InlineData("animated.webp", "image/webp")]
    [InlineData("still.gif", "image/gif")]
    [InlineData("animated.gif", "image/gif")]
    [InlineData("still.avif", "image/avif")]
    [InlineData("lzw.tiff", "image/tiff")]
    [InlineData("deflate.tiff", "image/tiff")]
    [InlineData("pages.tiff", "image/tiff")]
    [InlineData("cmyk.tiff", "image/tiff")]
    public void TryDecode_ColourFile_ShowsThePicture(string name, string mediaType)
    {
        byte[] bytes = TestImages.Shipped(name);

        Assert.True(ImageInspector.TryInspect(bytes, Limits, out MediaInfo? info, out _));
        Assert.Equal((Modality.Image, mediaType, bytes.Length, 60, 40), (info.Modality, info.MediaType, (int)info.Length, info.Width, info.Height));
        Assert.True(ImageDecoder.TryDecode(bytes, 512, Limits, out RgbImage? image, out _));
        Assert.Equal((60, 40), (image.Width, image.Height));
        (int R, int G, int B) red = Level(image, 15, 10), green = Level(image, 45, 10), blue = Level(image, 15, 30), white = Level(image, 45, 30);
        Assert.True(red.R > 60 + Math.Max(red.G, red.B), $"red is {red}");
        Assert.True(green.G > 40 + Math.Max(green.R, green.B), $"green is {green}");
        Assert.True(blue.B > 40 + Math.Max(blue.R, blue.G), $"blue is {blue}");
        Assert.True(Math.Min(white.R, Math.Min(white.G, white.B)) > 240, $"white is {white}");
    }

    [Theory]
    [InlineData("gray.jpg", 74, 125, 43)]
    [InlineData("gray8.png", 79, 125, 43)]
    [InlineData("gray16.png", 79, 125, 43)]
    [InlineData("gray16.tiff", 79, 125, 43)]
    [InlineData("bilevel.png", 0, 0, 0)]
    public void TryDecodeGray_GrayFile_KeepsItsLevels(string name, int red, int green, int blue)
    {
        Assert.True(ImageDecoder.TryDecodeGray(TestImages.Shipped(name), 512, Limits, out GrayImage? image, out _));

        Assert.InRange(image.Pixels[(10 * 60) + 15], red - 8, red + 8);
        Assert.InRange(image.Pixels[(10 * 60) + 45], green - 8, green + 8);
        Assert.InRange(image.Pixels[(30 * 60) + 15], blue - 8, blue + 8);
        Assert.InRange(image.Pixels[(30 * 60) + 45], 247, 255);
    }

    [Theory]
    [InlineData("empty", MediaFailureCode.Empty)]
    [InlineData("one byte", MediaFailureCode.UnsupportedType)]
    [InlineData("random", MediaFailureCode.UnsupportedType)]
    [InlineData("zeros", MediaFailureCode.UnsupportedType)]
    [InlineData("text", MediaFailureCode.UnsupportedType)]
    [InlineData("svg", MediaFailureCode.UnsupportedType)]
    [InlineData("pdf", MediaFailureCode.UnsupportedType)]
    [InlineData("zip", MediaFailureCode.UnsupportedType)]
    [InlineData("bmp", MediaFailureCode.UnsupportedType)]
    [InlineData("ppm", MediaFailureCode.UnsupportedType)]
    [InlineData("jpeg 2000", MediaFailureCode.UnsupportedType)]
    [InlineData("heic", MediaFailureCode.UnsupportedType)]
    [InlineData("mp4", MediaFailureCode.UnsupportedType)]
    [InlineData("wav", MediaFailureCode.UnsupportedType)]
    [InlineData("jpeg magic only", MediaFailureCode.Undecodable)]
    [InlineData("png magic only", MediaFailureCode.Undecodable)]
    [InlineData("png header only", MediaFailureCode.Undecodable)]
    [InlineData("gif header only", MediaFailureCode.Undecodable)]
    [InlineData("webp header only", MediaFailureCode.Undecodable)]
    [InlineData("tiff header only", MediaFailureCode.Undecodable)]
    [InlineData("avif header only", MediaFailureCode.Undecodable)]
    [InlineData("jpeg magic and noise", MediaFailureCode.Undecodable)]
    [InlineData("png magic and noise", MediaFailureCode.Undecodable)]
    [InlineData("png with a broken checksum", MediaFailureCode.Undecodable)]
    [InlineData("png with too few rows", MediaFailureCode.Undecodable)]
    [InlineData("png bomb", MediaFailureCode.TooLarge)]
    [InlineData("png of many columns", MediaFailureCode.TooLarge)]
    [InlineData("too many bytes", MediaFailureCode.TooLarge)]
    public void TryDecode_BadFile_SaysWhy(string name, MediaFailureCode code)
    {
        Assert.False(ImageDecoder.TryDecode(BadFiles[name](), 512, Limits, out _, out MediaFailure? failure));

        Assert.Equal(code, failure.Code);
        Assert.NotEmpty(failure.Detail);
    }

    [Theory]
    [InlineData("baseline.jpg", 0.3)]
    [InlineData("baseline.jpg", 0.7)]
    [InlineData("progressive.jpg", 0.5)]
    [InlineData("rgb8.png", 0.4)]
    [InlineData("rgb8.png", 0.7)]
    [InlineData("interlaced.png", 0.6)]
    [InlineData("lossy.webp", 0.5)]
    [InlineData("still.gif", 0.7)]
    [InlineData("still.avif", 0.8)]
    [InlineData("lzw.tiff", 0.3)]
    public void TryDecode_CutOffFile_IsUndecodable(string name, double share)
    {
        byte[] bytes = TestImages.Shipped(name);

        Assert.False(ImageDecoder.TryDecode(bytes.AsSpan(0, (int)(share * bytes.Length)), 512, Limits, out _, out MediaFailure? failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Fact]
    public void TryDecode_ThousandsOfFrames_DecodesTheFirst()
    {
        Assert.True(ImageDecoder.TryDecode(TestImages.GifOfFrames(20_000), 512, Limits, out RgbImage? image, out _));

        Assert.Equal((60, 40), (image.Width, image.Height));
    }

    [Fact]
    public void TryDecode_LargestAllowed_IsShrunk()
    {
        Assert.True(ImageDecoder.TryDecode(TestImages.Shipped("huge-within-limits.png"), 200, Limits, out RgbImage? image, out _));

        Assert.Equal((200, 200), (image.Width, image.Height));
        Assert.All(image.Pixels, level => Assert.Equal(0, level));
    }

    [Fact]
    public void TryInspect_OverThePixelLimit_NamesTheLimit()
    {
        MediaOptions limits = new() { ImagePixels = 2399 };

        Assert.False(ImageInspector.TryInspect(TestImages.Shipped("rgb8.png"), limits, out _, out MediaFailure? failure));

        Assert.Equal(MediaFailureCode.TooLarge, failure.Code);
        Assert.Contains("2399", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryDecode_ManyThreads_AllSeeTheSame()
    {
        byte[] good = TestImages.Shipped("orientation-6.jpg");
        byte[] bad = good[..(good.Length * 7 / 10)];
        Assert.True(ImageDecoder.TryDecode(good, 512, Limits, out RgbImage? expected, out _));

        Parallel.For(0, 64, i =>
        {
            Assert.Equal(i % 2 == 0, ImageDecoder.TryDecode(i % 2 == 0 ? good : bad, 512, Limits, out RgbImage? image, out _));
            Assert.Equal(i % 2 == 0 ? expected.Pixels : null, image?.Pixels);
        });
    }

    private static (int R, int G, int B) Level(RgbImage image, int x, int y)
    {
        int at = 3 * ((y * image.Width) + x);
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    private static byte[] Random(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
