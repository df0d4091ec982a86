using System.Globalization;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>
/// The files of the comparison: those that ImageMagick writes, variants of them with missing or added bytes, and the files of bug reports.
/// They are created once, together with the pixels that ImageMagick decodes.
/// </summary>
public sealed class ImageCaseSet : IDisposable
{
    private static readonly ImageDecoderKind[] OnlyLibvips = [ImageDecoderKind.ImageSharp];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("multimodal-comparison-");
    private readonly Dictionary<string, byte[]> _written = [];

    /// <summary>Creates the files and decodes them with ImageMagick.</summary>
    public ImageCaseSet()
    {
        WriteFiles();
        Cases = [.. Reported(), .. Written(), .. Late(), .. Oriented(), .. WithoutEnd(), .. Truncated(), .. Surrounded(), .. Foreign()];
        References = Decode();
    }

    /// <summary>All cases.</summary>
    public IReadOnlyList<ImageCase> Cases { get; }

    /// <summary>The expected pixels by case. Cases that must be refused have none.</summary>
    public IReadOnlyDictionary<ImageCase, RgbImage> References { get; }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void WriteFiles()
    {
        File.WriteAllBytes(At("base.ppm"), ImageMagick.WritePpm(Drawing.Colour()));
        File.WriteAllBytes(At("mask.ppm"), ImageMagick.WritePpm(Drawing.Mask()));
        File.WriteAllBytes(At("ycck.raw"), YcckPlanes(Drawing.Colour()));
        var recipes = ImageRecipes.All.Select(recipe => (recipe.File, recipe.Operations))
            .Concat(ImageRecipes.LateFrames.Select(recipe => (recipe.File, recipe.Operations)))
            .ToArray();
        List<string> arguments = [];
        foreach (var (file, operations) in recipes)
        {
            arguments.AddRange(["(", .. operations.Split(' '), "-write", file, "-delete", "0--1", ")"]);
        }

        // Settings such as -quality stay in force after a parenthesis unless they are told not to.
        var (exitCode, output) = ImageMagick.Run(_folder.FullName, ["-respect-parentheses", .. arguments, "base.ppm", "null:"]);
        Assert.True(exitCode == 0, output);
        foreach (var (file, _) in recipes)
        {
            _written[file] = File.ReadAllBytes(At(file));
        }

        // ImageMagick writes the four planes as they are. The transform 2 in the Adobe segment states that they are YCCK.
        var ycck = _written["ycck.jpg"];
        var adobe = ycck.AsSpan().IndexOf("Adobe"u8);
        Assert.True(adobe > 0);
        ycck[adobe + 11] = 2;
        File.WriteAllBytes(At("ycck.jpg"), ycck);
    }

    /// <summary>The files of public bug reports.</summary>
    private static IEnumerable<ImageCase> Reported()
    {
        foreach (var name in new[] { "1x1.png", "anim-late.gif", "cmyk.jpg", "exif6.jpg", "lead-nl.jpg", "noeoi.jpg", "white-on-transparent.png" })
        {
            var bytes = TestImages.Read($"cases/{name}");
            var path = PathOf($"cases/{name}");
            yield return new ImageCase("reported", name, bytes)
            {
                Reference = path,
                Format = FormatOf(name),
                Frame = name == "anim-late.gif" ? 1 : 0,
                Background = name == "white-on-transparent.png" ? "black" : "white",
                MayRefuse = name == "cmyk.jpg" ? OnlyLibvips : [],
                MeanLimit = name == "cmyk.jpg" ? 40 : 1,
                ShareLimit = name == "cmyk.jpg" ? 1 : 0.01,
            };
        }
    }

    private IEnumerable<ImageCase> Written() => ImageRecipes.All
        .Where(recipe => recipe.Class != "formats without a decoder")
        .Select(recipe => Case(recipe.Class, recipe.File));

    private IEnumerable<ImageCase> Late() => ImageRecipes.LateFrames.Select(recipe => Case(recipe.Class, recipe.File) with { Frame = recipe.Frame });

    private IEnumerable<ImageCase> Oriented()
    {
        foreach (var file in new[] { "baseline-92-2x1.jpg", "progressive-92.jpg" })
        {
            for (byte orientation = 1; orientation <= 8; orientation++)
            {
                yield return Variant("JPEG, EXIF orientation", file, $"orientation-{orientation}-{file}", WithOrientation(_written[file], orientation));
            }
        }
    }

    /// <summary>JPEG files without their end marker. All pixels are present.</summary>
    private IEnumerable<ImageCase> WithoutEnd()
    {
        string[] files =
        [
            "baseline-50-2x2.jpg", "baseline-75-2x1.jpg", "baseline-92-1x1.jpg", "baseline-100-2x2.jpg", "gray-75.jpg", "optimised.jpg",
            "progressive-50.jpg", "progressive-75.jpg", "progressive-100.jpg", "progressive-444.jpg", "progressive-gray.jpg", "cmyk-92.jpg",
        ];
        foreach (var file in files)
        {
            var original = Case("JPEG, no end marker", file);
            yield return original with { Name = $"no-end-{file}", Bytes = original.Bytes[..^2] };
            yield return original with { Name = $"half-an-end-{file}", Bytes = original.Bytes[..^1] };
        }

        var turned = Variant("JPEG, no end marker", "baseline-92-1x1.jpg", "no-end-turned.jpg", WithOrientation(_written["baseline-92-1x1.jpg"], 6));
        yield return turned with { Bytes = turned.Bytes[..^2] };
    }

    /// <summary>Files that lack pixels.</summary>
    private IEnumerable<ImageCase> Truncated()
    {
        string[] files =
        [
            "baseline-50-2x2.jpg", "baseline-92-1x1.jpg", "gray-75.jpg", "progressive-50.jpg", "progressive-75.jpg", "progressive-gray.jpg",
            "cmyk-92.jpg", "rgb-8-none.png", "rgb-8-PNG.png", "gray-16-none.png", "still-256.gif", "lossy-95.webp", "lossless.webp",
            "rgb-None.tif", "rgb-LZW.tif", "rgb-float-Zip.tif", "rgb.bmp", "palette.bmp", "q90.avif",
        ];
        foreach (var file in files)
        {
            var original = Case("truncated", file) with { Expectation = ImageExpectation.Refused, ShareLimit = 0 };
            yield return original with { Name = $"half-{file}", Bytes = original.Bytes[..(original.Bytes.Length / 2)] };
            yield return original with { Name = $"most-{file}", Bytes = original.Bytes[..(original.Bytes.Length * 3 / 4)] };
            if (file.EndsWith(".jpg", StringComparison.Ordinal))
            {
                yield return original with { Name = $"almost-{file}", Bytes = original.Bytes[..^14] };
            }
        }
    }

    /// <summary>Files with bytes before the first or after the last byte.</summary>
    private IEnumerable<ImageCase> Surrounded()
    {
        string[] files = ["baseline-92-1x1.jpg", "progressive-75.jpg", "rgb-8-none.png", "still-256.gif", "lossy-95.webp", "rgb-LZW.tif", "rgb.bmp", "q90.avif"];
        foreach (var file in files)
        {
            var original = Case("bytes before the magic number", file);
            yield return original with { Name = $"newline-{file}", Bytes = [.. "\n"u8, .. original.Bytes] };
            yield return original with { Name = $"lines-{file}", Bytes = [.. "\r\n\r\n \t"u8, .. original.Bytes] };
            yield return original with { Name = $"mark-{file}", Bytes = [0xEF, 0xBB, 0xBF, .. original.Bytes] };
            original = original with { Class = "bytes after the end" };
            yield return original with { Name = $"zeros-{file}", Bytes = [.. original.Bytes, .. new byte[300]] };
            yield return original with { Name = $"text-{file}", Bytes = [.. original.Bytes, .. "\r\n--boundary--\r\n"u8] };
            yield return original with { Name = $"twice-{file}", Bytes = [.. original.Bytes, .. original.Bytes] };
            yield return original with
            {
                Class = "other bytes before the magic number",
                Name = $"header-{file}",
                Bytes = [.. "Content-Type: image\r\n\r\n"u8, .. original.Bytes],
                Expectation = ImageExpectation.RefusedByName,
            };
        }
    }

    /// <summary>Files of formats that no decoder reads, by the name that the refusal must contain.</summary>
    private IEnumerable<ImageCase> Foreign()
    {
        (string Format, byte[] Bytes)[] files =
        [
            ("Photoshop", _written["a.psd"]),
            ("JPEG 2000", _written["a.jp2"]),
            ("JPEG 2000", _written["a.j2k"]),
            ("ICO", _written["a.ico"]),
            ("PCX", _written["a.pcx"]),
            ("Netpbm", _written["a.ppm"]),
            ("XPM", _written["a.xpm"]),
            ("OpenEXR", [0x76, 0x2F, 0x31, 0x01, 2, .. new byte[60]]),
            ("SVG", TestImages.Read("drawing.svg")),
            ("SVG", [.. "<?xml version=\"1.0\"?>\n<!-- made by hand -->\n"u8, .. TestImages.Read("drawing.svg")]),
            ("PDF", TestImages.Read("page.pdf")),
            ("JPEG XL", [0xFF, 0x0A, .. new byte[60]]),
            ("JPEG XL", [0, 0, 0, 12, .. "JXL \r\n"u8, 0x87, 0x0A, .. new byte[60]]),
            ("HEIC", [0, 0, 0, 24, .. "ftypmif1"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[60]]),
            ("MP4", [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 0, 0, .. "isommp42"u8, .. new byte[60]]),
            ("QuickTime", [0, 0, 0, 20, .. "ftypqt  "u8, 0, 0, 0, 0, .. "qt  "u8, .. new byte[60]]),
            ("WebM", [0x1A, 0x45, 0xDF, 0xA3, .. new byte[60]]),
            ("WAV", [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVE"u8, .. new byte[40]]),
            ("ZIP", [0x50, 0x4B, 3, 4, .. new byte[60]]),
            ("gzip", [0x1F, 0x8B, 8, .. new byte[60]]),
            ("PostScript", [.. "%!PS-Adobe-3.0 EPSF-3.0\n"u8]),
            ("HTML", [.. "<!DOCTYPE html><html><body>404</body></html>"u8]),
            ("JSON", [.. "{\"error\":\"not found\"}"u8]),
            ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(_written["rgb-8-none.png"]))),
            ("base64", Encoding.ASCII.GetBytes("data:image/jpeg;base64," + Convert.ToBase64String(_written["gray-75.jpg"]))),
        ];
        return files.Select((file, i) => new ImageCase(
            "formats without a decoder", string.Create(CultureInfo.InvariantCulture, $"{file.Format} ({i})"), file.Bytes)
        {
            Reference = "",
            Format = file.Format,
            Expectation = ImageExpectation.RefusedByName,
        });
    }

    private ImageCase Variant(string category, string file, string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return Case(category, file) with { Name = name, Bytes = bytes, Reference = At(name) };
    }

    private ImageCase Case(string category, string file)
    {
        var format = FormatOf(file);
        var isInkFile = file.StartsWith("cmyk", StringComparison.Ordinal) || file.StartsWith("ycck", StringComparison.Ordinal);
        var isCoarse = format is "AVIF" || file.Contains("lossy", StringComparison.Ordinal) || file.Contains("late-2.webp", StringComparison.Ordinal);
        return new ImageCase(category, file, _written[file])
        {
            Reference = At(file),
            Format = format,
            Background = category == "white on transparent" ? "black" : "white",
            Expectation = format == "HEIC" || category == "TIFF, other samples" ? ImageExpectation.RefusedByName : ImageExpectation.SamePixels,
            MayRefuse = isInkFile || format is "AVIF" or "TIFF" ? OnlyLibvips : [],

            // Without a profile, libvips and ImageMagick convert inks to colours by different formulas.
            MeanLimit = isInkFile ? 40 : isCoarse ? 2 : format == "JPEG" || file.Contains("JPEG", StringComparison.Ordinal) ? 1 : 0.6,
            ShareLimit = isInkFile ? 1 : isCoarse ? 0.02 : 0.01,
        };
    }

    private Dictionary<ImageCase, RgbImage> Decode()
    {
        var decoded = Cases.Where(item => item.Expectation == ImageExpectation.SamePixels).ToArray();
        List<string> arguments = ["-respect-parentheses"];
        foreach (var (i, item) in decoded.Index())
        {
            var source = item.Reference;
            if (item.Name is "lead-nl.jpg" or "noeoi.jpg")
            {
                // ImageMagick refuses bytes before the file, and warns of the missing end marker.
                source = At(item.Name);
                File.WriteAllBytes(source, [.. item.Bytes[item.Bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD8])..], 0xFF, 0xD9]);
            }

            arguments.AddRange(ImageMagick.Decode(source, item.Frame, item.Background, Target(i)));
        }

        var (exitCode, output) = ImageMagick.Run(_folder.FullName, [.. arguments, "base.ppm", "null:"]);
        Assert.True(exitCode == 0, output);
        return decoded.Index().ToDictionary(item => item.Item, item => ImageMagick.ReadPpm(File.ReadAllBytes(At(Target(item.Index)))));
    }

    private static string Target(int index) => string.Create(CultureInfo.InvariantCulture, $"decoded-{index}.ppm");

    private static string PathOf(string name) => Multimodal.Testing.RepositoryFiles.At("tests", "Multimodal.Inference.Tests", "Vision", "files", name);

    private static string FormatOf(string file) => Path.GetExtension(file) switch
    {
        ".jpg" => "JPEG",
        ".png" => "PNG",
        ".gif" => "GIF",
        ".webp" => "WebP",
        ".tif" => "TIFF",
        ".bmp" => "BMP",
        ".avif" => "AVIF",
        ".heic" => "HEIC",
        var other => other,
    };

    /// <summary>Inserts an EXIF segment that contains only the orientation.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. jpeg[2..],
    ];

    /// <summary>The planes that ImageMagick must write so that they are YCCK: it inverts each plane in files of Adobe.</summary>
    private static byte[] YcckPlanes(RgbImage image)
    {
        var planes = new byte[4 * image.Width * image.Height];
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            double r = image.Pixels[3 * i], g = image.Pixels[(3 * i) + 1], b = image.Pixels[(3 * i) + 2];

            // The stored inks are inverted, so that they equal the colours; their complement is what YCC encodes.
            (r, g, b) = (255 - r, 255 - g, 255 - b);
            planes[4 * i] = Level(255 - ((0.299 * r) + (0.587 * g) + (0.114 * b)));
            planes[(4 * i) + 1] = Level(255 - (128 - (0.168736 * r) - (0.331264 * g) + (0.5 * b)));
            planes[(4 * i) + 2] = Level(255 - (128 + (0.5 * r) - (0.418688 * g) - (0.081312 * b)));
            planes[(4 * i) + 3] = 20;
        }

        return planes;
    }

    private static byte Level(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
