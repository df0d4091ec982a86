using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using NetVips;

namespace Multimodal.Inference.Tests;

/// <summary>
/// Decodes the files named on the command line. <see cref="Vision.LibVipsLogTests"/> starts it as a process of its own: standard error belongs to the whole
/// process, and the native library writes there without asking .NET.
/// </summary>
internal static class Program
{
    /// <summary>The first argument that makes libvips decode without the settings of the service.</summary>
    public const string AsShipped = "--libvips-as-shipped";

    public static void Main(string[] arguments)
    {
        bool isAsShipped = arguments is [AsShipped, ..];
        foreach (string path in isAsShipped ? arguments[1..] : arguments)
        {
            byte[] bytes = File.ReadAllBytes(path);
            bool isDecoded = isAsShipped
                ? TryDecodeAsShipped(bytes)
                : ImageDecoder.TryDecode(bytes, 512, new MediaOptions(), out _, out _);
            Console.WriteLine($"{Path.GetFileName(path)}: {(isDecoded ? "decoded" : "refused")}");
        }
    }

    private static bool TryDecodeAsShipped(byte[] bytes)
    {
        try
        {
            using Image thumbnail = Image.ThumbnailBuffer(bytes, 512, optionString: "[fail_on=error]");
            return thumbnail.WriteToMemory<byte>().Length > 0;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
