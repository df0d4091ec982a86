using NetVips;
using Vips = NetVips.NetVips;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>Initializes libvips for untrusted files: six raster loaders, one thread per image, no operation cache.</summary>
internal static class LibVips
{
    private static readonly string[] Loaders = ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"];
    private static readonly Lock InitializationLock = new();
    private static volatile bool _initialized;

    /// <summary>Initializes libvips once per process.</summary>
    /// <exception cref="DllNotFoundException">The native library does not load. The message states what to do.</exception>
    public static void EnsureInitialized()
    {
        if (_initialized)
        {
            return;
        }

        lock (InitializationLock)
        {
            if (!_initialized)
            {
                Initialize();
                _initialized = true;
            }
        }
    }

    private static void Initialize()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new DllNotFoundException(
                "libvips cannot be loaded. Publish with the runtime identifier of this machine, which adds its NetVips.Native package, "
                + "or set Multimodal:Inference:Media:ImageDecoder to imagesharp.",
                ModuleInitializer.Exception);
        }

        // Requests run in parallel, so each image uses one thread. Operations do not repeat, so a cache would waste memory.
        Vips.Concurrency = 1;
        Cache.Max = 0;
        Vips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block("VipsForeignLoad" + loader, false);
        }

        // libvips writes warnings about the files of clients to standard error. They are dropped, because failures are returned as values.
        // Errors and criticals are bugs and stay visible.
        Log.SetLogHandler(
            "VIPS",
            Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug,
            static (_, _, _) => { });

        // One critical is not a bug: GObject reports a size in a header that libvips does not allow, in its own log domain.
        Log.SetLogHandler("GLib-GObject", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Critical, static (domain, level, message) =>
        {
            if (!message.Contains("out of range for property", StringComparison.Ordinal))
            {
                Console.Error.WriteLine($"{domain}-{level}: {message}");
            }
        });
    }
}
