using System.Globalization;

namespace Multimodal.Pipeline.Hosting.Server;

/// <summary>How many files and connections this process may have open (RLIMIT_NOFILE), and how many of them connections of clients may use.</summary>
/// <param name="Limit">The limit of the operating system; null if there is none or it is unknown.</param>
internal sealed record OpenFiles(int? Limit)
{
    /// <summary>
    /// Descriptors for everything but clients: program files, models, the database, the broker, payloads. Without a free descriptor the runtime
    /// ends the process.
    /// </summary>
    public const int Reserve = 400;

    /// <summary>Below this limit the process asks for a higher one.</summary>
    public const int Recommended = 65_536;

    /// <summary>Connections of clients that fit, at least 16.</summary>
    /// <param name="configured">The configured maximum.</param>
    public int MaxConnections(int configured) => Limit is { } limit ? Math.Clamp(limit - Reserve, 16, configured) : configured;

    /// <summary>Reads the limit of this process. Only Linux reports it in a file; other systems start with high limits or none.</summary>
    public static OpenFiles OfThisProcess()
    {
        const string File = "/proc/self/limits";
        return new OpenFiles(System.IO.File.Exists(File) ? Parse(System.IO.File.ReadLines(File)) : null);
    }

    /// <summary>Finds the soft limit in the lines of /proc/self/limits (proc(5)).</summary>
    internal static int? Parse(IEnumerable<string> lines)
    {
        const string Name = "Max open files";
        var line = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
