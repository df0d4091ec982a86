using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>Loads libsndfile and libsoxr by their file names on each platform.</summary>
internal static class NativeAudioLibraries
{
    /// <summary>The import name of libsndfile.</summary>
    public const string SndFile = "libsndfile";

    /// <summary>The import name of libsoxr.</summary>
    public const string Soxr = "libsoxr";

    /// <summary>How to install both.</summary>
    public const string Remedy =
        "Install libsndfile and libsoxr: apt-get install libsndfile1 libsoxr0 on Debian and Ubuntu, "
        + "brew install libsndfile libsoxr on macOS; on Windows put sndfile.dll and soxr.dll beside the program.";

    private static readonly Lazy<string[]> MissingLibraries = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeAudioLibraries).Assembly, static (name, _, _) => Load(name));
        return [.. new[] { SndFile, Soxr }.Where(name => Load(name) == 0)];
    });

    /// <summary>The import names of the libraries that do not load; empty if native decoding works.</summary>
    public static IReadOnlyList<string> Missing => MissingLibraries.Value;

    /// <summary>
    /// Returns the file names to try, in order: first with the ABI version that the imports were written for, then without.
    /// </summary>
    public static IReadOnlyList<string> FileNames(string name, OSPlatform platform) => (name, platform) switch
    {
        (SndFile, var os) when os == OSPlatform.Windows => ["sndfile.dll", "libsndfile-1.dll"],
        (SndFile, var os) when os == OSPlatform.OSX => ["libsndfile.1.dylib", "libsndfile.dylib"],
        (SndFile, _) => ["libsndfile.so.1", "libsndfile.so"],
        (Soxr, var os) when os == OSPlatform.Windows => ["soxr.dll", "libsoxr.dll"],
        (Soxr, var os) when os == OSPlatform.OSX => ["libsoxr.0.dylib", "libsoxr.dylib"],
        (Soxr, _) => ["libsoxr.so.0", "libsoxr.so"],
        _ => [],
    };

    /// <summary>Loads a library.</summary>
    /// <returns>Zero if the library is missing, or if the name is not one of the two; the runtime then uses its own search.</returns>
    private static nint Load(string name)
    {
        var platform = OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;
        foreach (var file in FileNames(name, platform))
        {
            if (NativeLibrary.TryLoad(file, typeof(NativeAudioLibraries).Assembly, null, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
