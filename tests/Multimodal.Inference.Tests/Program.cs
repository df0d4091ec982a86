using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;
using NetVips;

namespace Multimodal.Inference.Tests;

/// <summary>
/// Runs the tests, as the entry point that xunit generates does; or, for <see cref="Vision.Backends.LibVipsLogTests"/>, decodes the files named on the command line in a
/// process of its own: standard error belongs to the whole process, and the native library writes there without asking .NET.
/// </summary>
internal static class Program
{
    /// <summary>The first argument that makes it decode as the service does.</summary>
    public const string AsServed = "--decode-as-served";

    /// <summary>The first argument that makes libvips decode without the settings of the service.</summary>
    public const string AsShipped = "--libvips-as-shipped";

    public static int Main(string[] arguments)
    {
        if (arguments is not [AsServed or AsShipped, ..])
        {
            return Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments).GetAwaiter().GetResult();
        }

        var isAsShipped = arguments[0] == AsShipped;
        foreach (var path in arguments[1..])
        {
            var bytes = File.ReadAllBytes(path);
            var isDecoded = isAsShipped
                ? TryDecodeAsShipped(bytes)
                : ImageDecoder.TryDecode(bytes, 512, new MediaOptions(), out _, out _);
            Console.WriteLine($"{Path.GetFileName(path)}: {(isDecoded ? "decoded" : "refused")}");
        }

        return 0;
    }

    private static bool TryDecodeAsShipped(byte[] bytes)
    {
        try
        {
            using var thumbnail = Image.ThumbnailBuffer(bytes, 512, optionString: "[fail_on=error]");
            return thumbnail.WriteToMemory<byte>().Length > 0;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
