using System.Collections.Concurrent;

namespace Multimodal.Inference.Audio.Backends.Ffmpeg;

/// <summary>Finds programs on this machine. A program that is installed later is found after a restart.</summary>
internal static class InstalledPrograms
{
    private static readonly ConcurrentDictionary<string, string?> Found = new();

    /// <summary>Returns the absolute path of a program.</summary>
    /// <param name="name">A path, or a name to look up in the folders of PATH.</param>
    /// <returns>Null if the program is not installed.</returns>
    public static string? Find(string name) => Found.GetOrAdd(name, static name =>
    {
        if (Path.GetFileName(name) != name)
        {
            return File.Exists(name) ? Path.GetFullPath(name) : null;
        }

        var file = OperatingSystem.IsWindows() && !Path.HasExtension(name) ? $"{name}.exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    });
}
