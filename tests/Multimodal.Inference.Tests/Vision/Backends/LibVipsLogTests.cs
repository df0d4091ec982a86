using System.Diagnostics;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Vision.Backends;

/// <summary>Files of clients must not write to the log of the server.</summary>
public sealed class LibVipsLogTests
{
    [Fact]
    public async Task ThumbnailBuffer_FilesThatWarn_WriteToStandardError()
    {
        using ScratchFolder folder = new();

        var (output, error) = await RunAsync([Program.AsShipped, .. Files(folder.Path)]);

        // Otherwise the next test proves nothing.
        Assert.Contains("bad-crc.png: refused", output, StringComparison.Ordinal);
        Assert.Contains("VIPS-WARNING", error, StringComparison.Ordinal);
        Assert.Contains("GLib-GObject-CRITICAL", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryDecode_FilesThatWarn_WriteNothingToStandardError()
    {
        using ScratchFolder folder = new();
        var files = Files(folder.Path);

        var (output, error) = await RunAsync([Program.AsServed, .. files]);

        Assert.Equal(files.Length, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("bad-crc.png: refused", output, StringComparison.Ordinal);
        Assert.Contains("stray-bytes.jpg: decoded", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    private static string[] Files(string folder)
    {
        byte[] jpeg = TestImages.Shipped("baseline.jpg"), wide = TestImages.Shipped("still.avif");

        // The width in the box of spatial extents.
        wide[wide.AsSpan().IndexOf("ispe"u8) + 8] |= 0x20;
        return
        [
            Write(folder, "bad-crc.png", TestImages.Shipped("bad-crc.png")),
            Write(folder, "lying-dimensions.png", TestImages.Shipped("lying-dimensions.png")),
            Write(folder, "stray-bytes.jpg", [.. jpeg[..20], 1, 2, 3, .. jpeg[20..]]),
            Write(folder, "no-end.jpg", jpeg[..^2]),
            Write(folder, "cut.gif", TestImages.Shipped("animated.gif")[..^20]),

            // More than libvips allows, which GObject reports under a name of its own.
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
