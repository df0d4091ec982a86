using System.Diagnostics;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Vision.Backends;

/// <summary>Checks that libvips does not log to standard error because of the files of clients.</summary>
public sealed class LibVipsLogTests
{
    [Fact]
    public async Task ThumbnailBuffer_FilesWithWarnings_WriteToStandardError()
    {
        using ScratchFolder folder = new();

        var (output, error) = await RunAsync([Program.DecodeWithLibvipsDefaults, .. Files(folder.Path)]);

        // The next test depends on files that cause warnings.
        Assert.Contains("bad-crc.png: refused", output, StringComparison.Ordinal);
        Assert.Contains("VIPS-WARNING", error, StringComparison.Ordinal);
        Assert.Contains("GLib-GObject-CRITICAL", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryDecode_FilesWithWarnings_WriteNothingToStandardError()
    {
        using ScratchFolder folder = new();
        var files = Files(folder.Path);

        var (output, error) = await RunAsync([Program.DecodeAsService, .. files]);

        Assert.Equal(files.Length, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("bad-crc.png: refused", output, StringComparison.Ordinal);
        Assert.Contains("stray-bytes.jpg: decoded", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    private static string[] Files(string folder)
    {
        byte[] jpeg = TestImages.Read("baseline.jpg"), wide = TestImages.Read("still.avif");

        // The width in the ispe box (image spatial extents).
        wide[wide.AsSpan().IndexOf("ispe"u8) + 8] |= 0x20;
        return
        [
            Write(folder, "bad-crc.png", TestImages.Read("bad-crc.png")),
            Write(folder, "lying-dimensions.png", TestImages.Read("lying-dimensions.png")),
            Write(folder, "stray-bytes.jpg", [.. jpeg[..20], 1, 2, 3, .. jpeg[20..]]),
            Write(folder, "no-end.jpg", jpeg[..^2]),
            Write(folder, "cut.gif", TestImages.Read("animated.gif")[..^20]),

            // A width above the maximum of libvips, which GObject reports in its own log domain.
            Write(folder, "wide.avif", wide),
        ];
    }

    private static string Write(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<(string Output, string Error)> RunAsync(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return (await output, await error);
    }
}
