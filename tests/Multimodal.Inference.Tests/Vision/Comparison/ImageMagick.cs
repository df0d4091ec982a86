using System.Diagnostics;
using System.Globalization;
using System.Text;
using Multimodal.Inference.Vision;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>Runs ImageMagick of Debian, an independent encoder and decoder.</summary>
internal static class ImageMagick
{
    // Version 6 in Debian 12, version 7 in later releases. A program named convert can be another one.
    private static readonly string Program = OperatingSystem.IsLinux() && !IsInstalled("convert-im6.q16") ? "magick" : "convert-im6.q16";

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs one command in a folder.</summary>
    /// <returns>The exit code and what it printed.</returns>
    public static (int ExitCode, string Output) Run(string folder, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Program, arguments) { WorkingDirectory = folder, RedirectStandardError = true };

        // Its threads wait actively for each other, which takes minutes on a busy machine.
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{Program} did not start. Run eng/setup services.");
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>The operations that decode a frame as the service must: composed, upright, flattened, 8 bit sRGB.</summary>
    public static IEnumerable<string> Decode(string file, int frame, string background, string target) =>
    [
        "(", .. file.EndsWith(".tif", StringComparison.Ordinal) ? [Text($"{file}[{frame}]")] : Composed(file, frame),
        "-auto-orient", "-background", background, "-alpha", "remove", "-alpha", "off", "-colorspace", "sRGB", "-depth", "8",
        "-write", $"ppm:{target}", "+delete", ")",
    ];

    /// <summary>Draws the frames of an animation up to one. A page of a document must not be drawn on others.</summary>
    private static string[] Composed(string file, int frame) =>
        frame == 0 ? [$"{file}[0]", "-coalesce"] : [Text($"{file}[0-{frame}]"), "-coalesce", "-delete", Text($"0-{frame - 1}")];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Reads a binary PPM file with 8 bits per sample.</summary>
    public static RgbImage ReadPpm(byte[] file)
    {
        var offset = 0;
        string Token()
        {
            StringBuilder token = new();
            while (!char.IsWhiteSpace((char)file[offset]))
            {
                token.Append((char)file[offset++]);
            }

            offset++;
            return token.ToString();
        }

        Assert.Equal("P6", Token());
        var (width, height) = (int.Parse(Token(), CultureInfo.InvariantCulture), int.Parse(Token(), CultureInfo.InvariantCulture));
        Assert.Equal("255", Token());
        return new RgbImage(width, height, file[offset..]);
    }

    /// <summary>Creates a binary PPM file with 8 bits per sample.</summary>
    public static byte[] WritePpm(RgbImage image) =>
        [.. Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];
}
