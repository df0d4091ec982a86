using System.Globalization;

namespace Multimodal.Bench.PathBench;

/// <summary>Processor time of processes and their children, from <c>/proc</c>.</summary>
internal sealed class CpuClock
{
    // USER_HZ is 100 on every Linux that .NET supports.
    private const double MsPerTick = 10;
    private readonly List<(string Name, int Process, double From)> _watched = [];

    /// <summary>Starts to measure a process.</summary>
    public void Watch(string name, int process) => _watched.Add((name, process, Used(process)));

    /// <summary>Starts to measure a process and its children, such as a database server with a process per connection.</summary>
    public void WatchTree(string name, int process) => _watched.AddRange(ChildrenOf(process).Prepend(process).Select(one => (name, one, Used(one))));

    /// <summary>Milliseconds used since then, by name.</summary>
    public IReadOnlyList<(string Name, double Ms)> Read() =>
        [.. _watched.GroupBy(one => one.Name, (name, all) => (name, all.Sum(one => Used(one.Process) - one.From)))];

    private static int[] ChildrenOf(int process) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && Fields(id) is { } fields && int.Parse(fields[1], CultureInfo.InvariantCulture) == process),
    ];

    /// <summary>User and system time; 0 if the process has ended.</summary>
    private static double Used(int process) => Fields(process) is { } fields
        ? (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MsPerTick
        : 0;

    /// <returns>The fields of stat from the third on, since the second, in parentheses, can contain spaces; null if the process has ended.</returns>
    private static string[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }
}
