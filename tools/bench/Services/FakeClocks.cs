using System.Globalization;

namespace Multimodal.Bench.Services;

/// <summary>
/// Sets the system clocks of single services by libfaketime (Debian package faketime). Their monotonic clocks stay right, as on a host whose system
/// clock is wrong or is stepped.
/// </summary>
internal sealed class FakeClocks
{
    private readonly string _folder;
    private readonly string _library;

    /// <param name="folder">Folder of the files that hold the offsets.</param>
    /// <exception cref="InvalidOperationException">libfaketime is not installed.</exception>
    public FakeClocks(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _library = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .Select(path => Path.Combine(path, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("libfaketime is not installed. Run eng/setup services, or install the Debian package faketime.");
    }

    /// <summary>The environment variables of a service whose clock this object sets.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _library,
        ["FAKETIME_TIMESTAMP_FILE"] = FileOf(service),
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["NO_FAKE_STAT"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",

        // The fix is for an old glibc. With it, waits on a condition variable end at once, and an idle .NET process uses half a core.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets a service's system clock. A running service sees the change within a second.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="offset">The system clock minus the right time.</param>
    public void Set(string service, TimeSpan offset)
    {
        var temporary = FileOf(service) + ".new";
        File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}s\n"));
        File.Move(temporary, FileOf(service), overwrite: true);
    }

    private string FileOf(string service) => Path.Combine(_folder, service + ".clock");
}
