using System.Globalization;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>Figures of a process from /proc.</summary>
internal static class ProcessFile
{
    /// <summary>A line of /proc/PID/status in kilobytes, for example VmRSS or VmHWM.</summary>
    public static double Kilobytes(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
