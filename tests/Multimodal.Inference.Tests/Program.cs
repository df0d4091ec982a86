using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;
using NetVips;

namespace Multimodal.Inference.Tests;

/// <summary>
/// Runs the tests, like the entry point that xunit generates. With another first argument it decodes the files on the command line, for
/// <see cref="Vision.Backends.LibVipsLogTests"/>: native libraries write to the standard error of the process, so the test needs a separate
/// process.
/// </summary>
internal static class Program
{
    /// <summary>First argument: decode as the service does.</summary>
    public const string DecodeAsService = "--decode-as-service";

    /// <summary>First argument: decode with the default settings of libvips.</summary>
    public const string DecodeWithLibvipsDefaults = "--decode-with-libvips-defaults";

    public static int Main(string[] arguments)
    {
        if (arguments is not [DecodeAsService or DecodeWithLibvipsDefaults, ..])
        {
            return Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments).GetAwaiter().GetResult();
        }

        var useDefaults = arguments[0] == DecodeWithLibvipsDefaults;
        foreach (var path in arguments[1..])
        {
            var bytes = File.ReadAllBytes(path);
            var isDecoded = useDefaults
                ? TryDecodeWithLibvipsDefaults(bytes)
                : ImageDecoder.TryDecode(bytes, 512, new MediaOptions(), out _, out _);
            Console.WriteLine($"{Path.GetFileName(path)}: {(isDecoded ? "decoded" : "refused")}");
        }

        return 0;
    }

    private static bool TryDecodeWithLibvipsDefaults(byte[] bytes)
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
