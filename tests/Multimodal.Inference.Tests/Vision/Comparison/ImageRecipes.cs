using System.Globalization;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>The files that ImageMagick writes: class, file name, and the operations that make the picture.</summary>
internal static class ImageRecipes
{
    private const string Blank = "-size 96x72 xc:#f4f4f4";

    /// <summary>White strokes on a transparent ground.</summary>
    private const string WhiteStrokes = "-size 96x72 xc:white mask.ppm -alpha off -compose CopyOpacity -composite -compose Over";

    /// <summary>Dark strokes on a transparent ground.</summary>
    private const string DarkStrokes = "-size 96x72 xc:#102040 mask.ppm -alpha off -compose CopyOpacity -composite -compose Over";

    /// <summary>The picture with strokes that are half transparent.</summary>
    private const string Glass = "base.ppm ( mask.ppm -negate -evaluate multiply 0.6 ) -alpha off -compose CopyOpacity -composite -compose Over";

    private const string Float = "-define quantum:format=floating-point";

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<(string Class, string File, string Operations)> All { get; } =
        [.. Jpeg(), .. Png(), .. Transparent(), .. Gif(), .. Webp(), .. Tiff(), .. Bmp(), .. Others()];

    /// <summary>Animations and documents whose first frame is empty, with the index of the first frame that is not.</summary>
    public static IReadOnlyList<(string Class, string File, string Operations, int Frame)> LateFrames { get; } =
    [
        ("animation, empty first frame", "late-1.gif", $"-delay 10 {Blank} base.ppm -layers optimize-frame", 1),
        ("animation, empty first frame", "late-3.gif", $"-delay 10 {Blank} {Blank} {Blank} base.ppm", 3),
        ("animation, empty first frame", "late-black.gif", "-delay 10 -size 96x72 xc:black mask.ppm", 1),
        ("animation, empty first frame", "late-transparent.gif", $"-delay 10 -dispose background -size 96x72 xc:none ( {DarkStrokes} )", 1),
        ("animation, empty first frame", "late-part.gif", $"-delay 10 -dispose none {Blank} ( mask.ppm -negate -crop 44x50+26+14 )", 1),
        ("animation, empty first frame", "late-previous.gif",
            $"-delay 10 {Blank} ( -dispose previous -size 30x20 xc:#f2f2f2 -repage 96x72+40+30 ) ( mask.ppm -negate -crop 44x50+26+14 )", 2),
        ("animation, empty first frame", "late-1.webp", $"-delay 10 {Blank} base.ppm -define webp:lossless=true", 1),
        ("animation, empty first frame", "late-2.webp", $"-delay 10 {Blank} ( -size 96x72 xc:#e0e0e0 ) base.ppm -quality 90", 2),
        ("TIFF, empty first page", "late-1.tif", $"{Blank} base.ppm", 1),
        ("TIFF, empty first page", "late-2.tif", $"{Blank} {Blank} base.ppm -compress LZW", 2),
    ];

    private static IEnumerable<(string Class, string File, string Operations)> Jpeg()
    {
        foreach (var quality in new[] { 50, 75, 92, 100 })
        {
            foreach (var sampling in new[] { "1x1", "2x1", "2x2" })
            {
                yield return ("JPEG, baseline", Name($"baseline-{quality}-{sampling}.jpg"), Name($"base.ppm -quality {quality} -sampling-factor {sampling}"));
            }

            yield return ("JPEG, progressive", Name($"progressive-{quality}.jpg"), Name($"base.ppm -quality {quality} -interlace JPEG"));
            yield return ("JPEG, gray", Name($"gray-{quality}.jpg"), Name($"base.ppm -colorspace Gray -quality {quality}"));
            yield return ("JPEG, CMYK", Name($"cmyk-{quality}.jpg"), Name($"base.ppm -colorspace CMYK -quality {quality} -sampling-factor 1x1"));
        }

        yield return ("JPEG, progressive", "progressive-444.jpg", "base.ppm -quality 85 -interlace JPEG -sampling-factor 1x1");
        yield return ("JPEG, progressive", "progressive-gray.jpg", "base.ppm -colorspace Gray -quality 85 -interlace JPEG");
        yield return ("JPEG, CMYK", "cmyk-progressive.jpg", "base.ppm -colorspace CMYK -quality 85 -interlace JPEG");
        yield return ("JPEG, YCCK", "ycck.jpg", "-size 96x72 -depth 8 cmyk:ycck.raw -quality 92 -sampling-factor 1x1");
        yield return ("JPEG, baseline", "optimised.jpg", "base.ppm -quality 85 -define jpeg:optimize-coding=true");
    }

    private static IEnumerable<(string Class, string File, string Operations)> Png()
    {
        foreach (var depth in new[] { 1, 2, 4, 8, 16 })
        {
            foreach (var interlace in new[] { "none", "PNG" })
            {
                yield return ("PNG, gray 1 to 16 bit", Name($"gray-{depth}-{interlace}.png"), Name(
                    $"base.ppm -colorspace Gray -depth {depth} -interlace {interlace} -define png:color-type=0 -define png:bit-depth={depth}"));
            }
        }

        foreach (var colours in new[] { 2, 4, 16, 256 })
        {
            foreach (var interlace in new[] { "none", "PNG" })
            {
                yield return ("PNG, palette", Name($"palette-{colours}-{interlace}.png"), Name(
                    $"base.ppm +dither -colors {colours} -interlace {interlace} -define png:color-type=3"));
            }
        }

        foreach (var depth in new[] { 8, 16 })
        {
            foreach (var interlace in new[] { "none", "PNG" })
            {
                yield return ("PNG, colour", Name($"rgb-{depth}-{interlace}.png"), Name(
                    $"base.ppm -depth {depth} -interlace {interlace} -define png:color-type=2 -define png:bit-depth={depth}"));
            }
        }
    }

    private static IEnumerable<(string Class, string File, string Operations)> Transparent()
    {
        foreach (var (name, operations) in new[] { ("dark", DarkStrokes), ("glass", Glass) })
        {
            foreach (var depth in new[] { 8, 16 })
            {
                yield return ("transparent", Name($"{name}-rgba-{depth}.png"), Name($"{operations} -define png:color-type=6 -define png:bit-depth={depth}"));
                yield return ("transparent", Name($"{name}-gray-alpha-{depth}.png"), Name(
                    $"{operations} -colorspace Gray -define png:color-type=4 -define png:bit-depth={depth}"));
            }

            yield return ("transparent", $"{name}-lossless.webp", $"{operations} -define webp:lossless=true");
            yield return ("transparent", $"{name}-lossy.webp", $"{operations} -quality 90");
            yield return ("transparent", $"{name}.tif", operations);
        }

        yield return ("transparent", "dark-palette.png", $"{DarkStrokes} -define png:color-type=3");
        yield return ("transparent", "dark.gif", DarkStrokes);
        yield return ("white on transparent", "white-rgba-8.png", $"{WhiteStrokes} -define png:color-type=6");
        yield return ("white on transparent", "white-rgba-16.png", $"{WhiteStrokes} -define png:color-type=6 -define png:bit-depth=16");
        yield return ("white on transparent", "white-gray-alpha.png", $"{WhiteStrokes} -colorspace Gray -define png:color-type=4");
        yield return ("white on transparent", "white-palette.png", $"{WhiteStrokes} -define png:color-type=3");
        yield return ("white on transparent", "white-interlaced.png", $"{WhiteStrokes} -define png:color-type=6 -interlace PNG");
        yield return ("white on transparent", "white-lossless.webp", $"{WhiteStrokes} -define webp:lossless=true");
        yield return ("white on transparent", "white-lossy.webp", $"{WhiteStrokes} -quality 90");
        yield return ("white on transparent", "white.gif", WhiteStrokes);
        yield return ("white on transparent", "white.tif", WhiteStrokes);
        yield return ("white on transparent", "white-16.tif", $"{WhiteStrokes} -depth 16");
    }

    private static IEnumerable<(string Class, string File, string Operations)> Gif() =>
    [
        ("GIF, still", "still-256.gif", "base.ppm"),
        ("GIF, still", "still-16.gif", "base.ppm +dither -colors 16"),
        ("GIF, still", "still-2.gif", "mask.ppm -monochrome"),
        ("GIF, still", "interlaced.gif", "base.ppm -interlace GIF"),
        ("animation, full first frame", "first.gif", "-delay 10 base.ppm mask.ppm"),
        ("animation, full first frame", "optimised.gif", "-delay 10 base.ppm ( base.ppm -negate ) base.ppm -layers optimize"),
        ("animation, full first frame", "first-lossless.webp", "-delay 10 base.ppm mask.ppm -define webp:lossless=true"),
        ("animation, full first frame", "first-lossy.webp", "-delay 10 base.ppm mask.ppm -quality 90"),
    ];

    private static IEnumerable<(string Class, string File, string Operations)> Webp() =>
    [
        ("WebP", "lossy-50.webp", "base.ppm -quality 50"),
        ("WebP", "lossy-75.webp", "base.ppm -quality 75"),
        ("WebP", "lossy-95.webp", "base.ppm -quality 95"),
        ("WebP", "lossless.webp", "base.ppm -define webp:lossless=true"),
        ("WebP", "lossless-gray.webp", "base.ppm -colorspace Gray -define webp:lossless=true"),
    ];

    private static IEnumerable<(string Class, string File, string Operations)> Tiff()
    {
        foreach (var compression in new[] { "None", "LZW", "Zip", "RLE", "JPEG" })
        {
            yield return ("TIFF, 8 bit", $"rgb-{compression}.tif", $"base.ppm -quality 92 -compress {compression}");
            yield return ("TIFF, 8 bit", $"gray-{compression}.tif", $"base.ppm -colorspace Gray -quality 92 -compress {compression}");
        }

        foreach (var compression in new[] { "None", "LZW", "Zip" })
        {
            yield return ("TIFF, 16 bit", $"rgb16-{compression}.tif", $"base.ppm -depth 16 -compress {compression}");
            yield return ("TIFF, 16 bit", $"gray16-{compression}.tif", $"base.ppm -colorspace Gray -depth 16 -compress {compression}");
        }

        // This version of ImageMagick cannot write them without compression.
        foreach (var compression in new[] { "LZW", "Zip" })
        {
            yield return ("TIFF, float", $"rgb-float-{compression}.tif", $"base.ppm -depth 32 {Float} -compress {compression}");
            yield return ("TIFF, float", $"gray-float-{compression}.tif", $"base.ppm -colorspace Gray -depth 32 {Float} -compress {compression}");
            yield return ("TIFF, other samples", $"gray-double-{compression}.tif", $"base.ppm -colorspace Gray -depth 64 {Float} -compress {compression}");
        }

        yield return ("TIFF, float", "float-tiled.tif", $"base.ppm -depth 32 {Float} -compress LZW -define tiff:tile-geometry=32x32");
        yield return ("TIFF, other samples", "rgb-half.tif", $"base.ppm -depth 16 {Float} -compress LZW");
        yield return ("TIFF, other samples", "rgb32.tif", "base.ppm -depth 32");
        yield return ("TIFF, other samples", "gray32.tif", "base.ppm -colorspace Gray -depth 32");
        yield return ("TIFF, 8 bit", "palette.tif", "base.ppm +dither -colors 16 -type Palette");
        yield return ("TIFF, 8 bit", "tiled.tif", "base.ppm -define tiff:tile-geometry=32x32");
        yield return ("TIFF, 8 bit", "big-endian.tif", "base.ppm -endian MSB");
        yield return ("TIFF, 8 bit", "planar.tif", "base.ppm -interlace Plane");
        yield return ("TIFF, 8 bit", "pages.tif", "base.ppm mask.ppm");
        yield return ("TIFF, 8 bit", "big.tif", "base.ppm -define tiff:bigtiff=true");
        yield return ("TIFF, 1 bit", "bilevel.tif", "mask.ppm -monochrome -compress None");
        yield return ("TIFF, 1 bit", "group4.tif", "mask.ppm -monochrome -compress Group4");
        yield return ("TIFF, 1 bit", "group4-white.tif", "mask.ppm -monochrome -compress Group4 -define quantum:polarity=min-is-white");
        yield return ("TIFF, CMYK", "cmyk.tif", "base.ppm -colorspace CMYK");
        foreach (var orientation in new[] { "TopRight", "BottomRight", "BottomLeft", "LeftTop", "RightTop", "RightBottom", "LeftBottom" })
        {
            yield return ("TIFF, orientation", $"{orientation}.tif", $"base.ppm -orient {orientation}");
        }
    }

    private static IEnumerable<(string Class, string File, string Operations)> Bmp() =>
    [
        ("BMP", "rgb.bmp", "base.ppm -define bmp:format=bmp3"),
        ("BMP", "version4.bmp", "base.ppm -define bmp:format=bmp4"),
        ("BMP", "version2.bmp", "base.ppm -type TrueColor -define bmp:format=bmp2"),
        ("BMP", "palette.bmp", "base.ppm +dither -colors 200 -type Palette -define bmp:format=bmp3"),
        ("BMP", "runs.bmp", "base.ppm +dither -colors 200 -type Palette -compress RLE -define bmp:format=bmp3"),
        ("BMP", "bilevel.bmp", "mask.ppm -monochrome -define bmp:format=bmp3"),
        ("BMP", "gray.bmp", "base.ppm -colorspace Gray -define bmp:format=bmp3"),
        ("BMP", "alpha.bmp", $"{DarkStrokes} -define bmp:format=bmp4"),
    ];

    private static IEnumerable<(string Class, string File, string Operations)> Others() =>
    [
        ("AVIF", "q90.avif", "base.ppm -quality 90"),
        ("AVIF", "q60.avif", "base.ppm -quality 60"),
        ("AVIF", "gray.avif", "base.ppm -colorspace Gray -quality 90"),
        ("HEIC", "q90.heic", "base.ppm -quality 90"),
        ("HEIC", "q60.heic", "base.ppm -quality 60"),
        ("formats without a decoder", "a.psd", "base.ppm"),
        ("formats without a decoder", "a.jp2", "base.ppm"),
        ("formats without a decoder", "a.j2k", "base.ppm"),
        ("formats without a decoder", "a.ico", "base.ppm -resize 48x48"),
        ("formats without a decoder", "a.pcx", "base.ppm"),
        ("formats without a decoder", "a.ppm", "base.ppm"),
        ("formats without a decoder", "a.xpm", "base.ppm +dither -colors 16"),
    ];

    private static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
