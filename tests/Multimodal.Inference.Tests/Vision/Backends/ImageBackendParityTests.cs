using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Inference.Tests.Vision.Backends;

/// <summary>Compares ImageSharp with libvips on the same files.</summary>
public sealed class ImageBackendParityTests
{
    private static readonly MediaOptions LibVips = new();
    private static readonly MediaOptions ImageSharp = new() { ImageDecoder = ImageDecoderKind.ImageSharp };

    /// <summary>
    /// The valid files of the types that both support, except CMYK, and except the file with 62 million pixels, which takes too long.
    /// </summary>
    public static TheoryData<string> SharedFiles =>
    [
        "baseline.jpg", "progressive.jpg", "subsampled.jpg", "gray.jpg", "handwritten-3.jpg", "handwritten-7.jpg", "handwritten-8.jpg",
        "printed-2.jpg", "printed-5.jpg", "printed-9.jpg", "orientation-1.jpg", "orientation-2.jpg", "orientation-3.jpg",
        "orientation-4.jpg", "orientation-5.jpg", "orientation-6.jpg", "orientation-7.jpg", "orientation-8.jpg",
        "rgb8.png", "rgb16.png", "palette.png", "alpha.png",
        "interlaced.png", "gray8.png", "gray16.png", "bilevel.png", "lossy.webp", "lossless.webp", "alpha-lossless.webp", "animated.webp",
        "still.gif", "animated.gif",
    ];

    [Theory]
    [InlineData("rgb8.png")]
    [InlineData("rgb16.png")]
    [InlineData("palette.png")]
    [InlineData("alpha.png")]
    [InlineData("interlaced.png")]
    [InlineData("gray8.png")]
    [InlineData("gray16.png")]
    [InlineData("bilevel.png")]
    [InlineData("lossy.webp")]
    [InlineData("lossless.webp")]
    [InlineData("alpha-lossless.webp")]
    [InlineData("animated.webp")]
    [InlineData("still.gif")]
    [InlineData("animated.gif")]
    public void TryDecode_FullSizeExceptJpeg_IsBitIdentical(string name)
    {
        var bytes = TestImages.Read(name);

        Assert.Equal(Decode(bytes, 512, LibVips).Pixels, Decode(bytes, 512, ImageSharp).Pixels);
    }

    /// <summary>
    /// If colour is stored at half the resolution, libvips interpolates it and ImageSharp repeats it. So only edges between colours differ.
    /// </summary>
    [Theory]
    [InlineData("gray.jpg", 0.01, 1)]
    [InlineData("handwritten-3.jpg", 0.05, 3)]
    [InlineData("handwritten-7.jpg", 0.05, 3)]
    [InlineData("handwritten-8.jpg", 0.05, 3)]
    [InlineData("printed-2.jpg", 0.5, 25)]
    [InlineData("printed-5.jpg", 0.5, 25)]
    [InlineData("printed-9.jpg", 0.5, 25)]
    [InlineData("baseline.jpg", 3, 95)]
    [InlineData("progressive.jpg", 3, 95)]
    [InlineData("subsampled.jpg", 3, 95)]
    [InlineData("orientation-5.jpg", 3, 95)]
    [InlineData("orientation-7.jpg", 3, 95)]
    public void TryDecode_FullSizeJpeg_IsClose(string name, double mean, int max)
    {
        var bytes = TestImages.Read(name);

        AssertClose(Decode(bytes, 1000, LibVips), Decode(bytes, 1000, ImageSharp), mean, max);
    }

    [Fact]
    public void TryDecode_JpegWithFullColourResolution_IsClose()
    {
        using var waves = Waves(200, 150);
        using MemoryStream file = new();
        waves.SaveAsJpeg(file, new JpegEncoder { ColorType = JpegColorType.YCbCrRatio444, Quality = 90 });

        AssertClose(Decode(file.ToArray(), 512, LibVips), Decode(file.ToArray(), 512, ImageSharp), mean: 0.2, max: 3);
    }

    [Theory]
    [InlineData("rgb8.png", 37, 0.1, 12)]
    [InlineData("alpha.png", 37, 0.4, 22)]
    [InlineData("interlaced.png", 20, 0.2, 18)]
    [InlineData("gray16.png", 20, 0.2, 12)]
    [InlineData("still.gif", 37, 0.1, 12)]
    [InlineData("lossless.webp", 37, 0.05, 1)]
    [InlineData("alpha-lossless.webp", 20, 0.05, 1)]
    [InlineData("lossy.webp", 37, 0.4, 25)]
    [InlineData("baseline.jpg", 37, 1.6, 45)]
    [InlineData("handwritten-3.jpg", 100, 0.5, 20)]
    [InlineData("handwritten-7.jpg", 100, 0.5, 20)]
    [InlineData("handwritten-8.jpg", 100, 0.5, 20)]
    [InlineData("printed-2.jpg", 100, 0.5, 20)]
    [InlineData("printed-5.jpg", 100, 0.5, 20)]
    [InlineData("printed-9.jpg", 100, 1.2, 20)]
    public void TryDecode_Reduced_IsClose(string name, int maxEdge, double mean, int max)
    {
        var bytes = TestImages.Read(name);

        AssertClose(Decode(bytes, maxEdge, LibVips), Decode(bytes, maxEdge, ImageSharp), mean, max);
    }

    [Theory]
    [InlineData(512, 1)]
    [InlineData(500, 6)]
    [InlineData(256, 1)]
    [InlineData(200, 8)]
    public void TryDecode_Photo_IsCloseAndUpright(int maxEdge, int orientation)
    {
        using var waves = Waves(2600, 2100, 5);
        waves.Metadata.ExifProfile = new();
        waves.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)orientation);
        using MemoryStream stream = new();
        waves.Save(stream, new JpegEncoder { Quality = 90 });

        AssertClose(Decode(stream.ToArray(), maxEdge, LibVips), Decode(stream.ToArray(), maxEdge, ImageSharp), 1.5, 15);
    }

    [Fact]
    public void TryDecode_PhotoOfAlmostEightTimesTheEdge_IsAnEighth()
    {
        using var waves = Waves(2600, 2100, 5);
        using MemoryStream stream = new();
        waves.Save(stream, new JpegEncoder { Quality = 90 });

        var (width, height, _) = Decode(stream.ToArray(), 350, LibVips);

        Assert.Equal(325, width);
        Assert.InRange(height, 262, 263);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("webp")]
    public void TryDecode_AnyEdge_HasTheSizeOfLibvips(string type)
    {
        using var waves = Waves(451, 339);
        using MemoryStream stream = new();
        waves.Save(stream, type switch { "jpg" => new JpegEncoder(), "png" => new PngEncoder(), _ => new WebpEncoder() });
        var file = stream.ToArray();
        Random random = new(4);

        Assert.All(Enumerable.Range(0, 40).Select(_ => random.Next(1, 450)), edge =>
        {
            RgbImage expected = Decode(file, edge, LibVips), actual = Decode(file, edge, ImageSharp);
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        });
    }

    [Theory]
    [InlineData("rgb8.png")]
    [InlineData("orientation-6.jpg")]
    public void Decode_Part_EqualsThePartOfTheWholeImage(string name)
    {
        var bytes = TestImages.Read(name);
        RelativeRectangle part = new(0.25, 0.5, 0.5, 0.3);
        var whole = Decode(bytes, 50, ImageSharp);
        var (x, y, width, height) = part.ToPixels(whole.Width, whole.Height);

        var actual = ImageDecoder.Decode(bytes, 50, part, ImageSharp);

        byte[] Row(int row) => whole.Pixels.AsSpan(3 * ((row * whole.Width) + x), 3 * width).ToArray();
        byte[] expected = [.. Enumerable.Range(y, height).SelectMany(Row)];
        Assert.Equal((width, height), (actual?.Width, actual?.Height));
        Assert.Equal(expected, actual?.Pixels);
    }

    /// <summary>ImageSharp itself decodes most truncated files, with gray or black in place of missing pixels.</summary>
    [Theory]
    [MemberData(nameof(SharedFiles))]
    public void TryDecode_TruncatedAnywhere_HasTheResultOfLibvips(string name)
    {
        var bytes = TestImages.Read(name);
        int[] lengths =
        [
            .. Enumerable.Range(1, 32).Select(part => bytes.Length * part / 32),
            .. Enumerable.Range(1, 20).Select(cut => bytes.Length - cut),
        ];

        Assert.All(lengths, length =>
        {
            ReadOnlySpan<byte> cut = bytes.AsSpan(0, length);
            Assert.Equal(
                ImageDecoder.TryDecode(cut, 512, LibVips, out _, out _),
                ImageDecoder.TryDecode(cut, 512, ImageSharp, out _, out _));
        });
        Assert.True(ImageDecoder.TryDecode(bytes, 512, ImageSharp, out _, out _));
        var inFirstFrame = bytes.Length / 2 / (name == "animated.gif" ? 3 : 1);
        Assert.False(ImageDecoder.TryDecode(bytes.AsSpan(0, inFirstFrame), 512, ImageSharp, out _, out _));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("jpg")]
    public void TryDecode_ExifOrientation_IsApplied(string type)
    {
        Assert.All(Enumerable.Range(0, 10), orientation =>
        {
            var file = WithOrientation(type, (ushort)orientation);
            RgbImage expected = Decode(file, 512, LibVips), actual = Decode(file, 512, ImageSharp);
            AssertClose(expected, actual, mean: 0.2, max: 1);
        });
    }

    [Theory]
    [InlineData(5, 5, false)]
    [InlineData(5, 5, true)]
    [InlineData(59, 39, false)]
    [InlineData(69, 49, false)]
    [InlineData(69, 49, true)]
    public void TryDecode_GifFrameBeyondTheScreen_HasThePositionOfLibvips(int left, int top, bool isTransparent)
    {
        byte[] control = isTransparent ? [0x21, 0xF9, 4, 1, 0, 0, 1, 0] : [];
        byte[] file =
        [
            .. "GIF89a"u8, 60, 0, 40, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
            .. control, 0x2C, (byte)left, 0, (byte)top, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
        ];

        RgbImage expected = Decode(file, 512, LibVips), actual = Decode(file, 512, ImageSharp);

        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryDecode_WebpFrameSmallerThanTheCanvas_HasThePositionOfLibvips(bool hasAlpha)
    {
        var frame = TestImages.Read("lossless.webp")[12..];
        byte[] body =
        [
            .. "WEBPVP8X"u8, 10, 0, 0, 0, (byte)(hasAlpha ? 0x12 : 0x02), 0, 0, 0, 79, 0, 0, 59, 0, 0,
            .. "ANIM"u8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            .. "ANMF"u8, .. BitConverter.GetBytes(16 + frame.Length), 3, 0, 0, 5, 0, 0, 59, 0, 0, 39, 0, 0, 100, 0, 0, 0,
            .. frame,
        ];
        byte[] file = [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];

        RgbImage expected = Decode(file, 512, LibVips), actual = Decode(file, 512, ImageSharp);

        Assert.Equal((80, 60), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    private static RgbImage Decode(byte[] bytes, int maxEdge, MediaOptions limits)
    {
        Assert.True(ImageDecoder.TryDecode(bytes, maxEdge, limits, out var image, out var failure), failure?.Detail);
        return image;
    }

    private static byte[] WithOrientation(string type, ushort orientation)
    {
        using var waves = Waves(40, 24);
        waves.Metadata.ExifProfile = new();
        waves.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        using MemoryStream file = new();
        switch (type)
        {
            case "png":
                waves.SaveAsPng(file);
                break;
            case "webp":
                waves.SaveAsWebp(file);
                break;
            default:
                using (var gray = waves.CloneAs<L8>())
                {
                    gray.SaveAsJpeg(file, new JpegEncoder { ColorType = JpegColorType.Luminance, Quality = 100 });
                }

                break;
        }

        return file.ToArray();
    }

    /// <summary>Creates an image with smooth colours and without symmetry.</summary>
    private static Image<Rgb24> Waves(int width, int height, double length = 1)
    {
        Image<Rgb24> image = new(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                image[x, y] = new Rgb24(Wave(x, 13.0 * length), Wave(y, 17.0 * length), Wave(x + (2 * y), 29.0 * length));
            }
        }

        return image;
    }

    private static byte Wave(double at, double length) => (byte)(128 + (100 * Math.Sin(at / length)));

    private static void AssertClose(RgbImage expected, RgbImage actual, double mean, int max)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        int[] differences = [.. expected.Pixels.Zip(actual.Pixels, (a, b) => Math.Abs(a - b))];
        Assert.InRange(differences.Average(), 0, mean);
        Assert.InRange(differences.Max(), 0, max);
    }
}
