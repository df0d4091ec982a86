using NetVips;
using Vips = NetVips.NetVips;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>Starts libvips for untrusted files: six raster loaders, one thread per image, no operation cache.</summary>
internal static class LibVips
{
    private static readonly string[] Loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"];
    private static readonly Lock InitialisationLock = new();
    private static volatile bool _initialised;

    /// <summary>Configures libvips once per process.</summary>
    /// <exception cref="DllNotFoundException">The native library does not load on this platform.</exception>
    public static void EnsureInitialised()
    {
        if (_initialised)
        {
            return;
        }

        lock (InitialisationLock)
        {
            if (!_initialised)
            {
                Initialise();
                _initialised = true;
            }
        }
    }

    private static void Initialise()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new DllNotFoundException(
                "libvips does not load. Publish with the runtime identifier of this machine, which brings its NetVips.Native package, "
                + "or set Multimodal:Inference:Media:ImageDecoder to imagesharp.",
                ModuleInitializer.Exception);
        }

        // The service is parallel over requests, so an image gets one thread. No operation repeats, so a cache would only hold memory.
        Vips.Concurrency = 1;
        Cache.Max = 0;
        Vips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block("VipsForeignLoad" + loader, false);
        }

        // libvips warns on standard error about files that clients sent. A refusal is a value here, so the text is dropped.
        // Errors and criticals are bugs and stay visible.
        Log.SetLogHandler(
            "VIPS",
            Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug,
            static (_, _, _) => { });

        // Except for one: a header with a size that libvips does not allow is a critical of GObject, in its own log domain.
        Log.SetLogHandler("GLib-GObject", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Critical, static (domain, level, message) =>
        {
            if (!message.Contains("out of range for property", StringComparison.Ordinal))
            {
                Console.Error.WriteLine($"{domain}-{level}: {message}");
            }
        });
    }
}
