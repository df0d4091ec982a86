using System.Globalization;

namespace Multimodal.Bench.PathBench;

/// <summary>Processor time of processes and their children, from <c>/proc</c>.</summary>
internal sealed class CpuClock
{
    // USER_HZ is 100 on every Linux that .NET supports.
    private const double MsPerTick = 10;

    // Positions of fields 4 and 14 (proc(5)): parent, user time. System time and the times of children that ended follow.
    private const int Parent = 1;
    private const int UserTime = 11;
    private readonly List<(string Name, int Process, double From)> _watched = [];

    /// <summary>Starts to measure a process.</summary>
    public void Watch(string name, int process) => _watched.Add((name, process, Used(process)));

    /// <summary>Starts to measure a process and its children, such as a database server with a process per connection.</summary>
    public void WatchTree(string name, int process) => _watched.AddRange(ChildrenOf(process).Prepend(process).Select(one => (name, one, Used(one))));

    /// <summary>Milliseconds used since then, by name.</summary>
    public IReadOnlyList<(string Name, double Ms)> Read() =>
        [.. _watched.GroupBy(one => one.Name, (name, all) => (name, all.Sum(one => Used(one.Process) - one.From)))];

    /// <summary>Processor time of a process, its children that ended and its children that run.</summary>
    public static TimeSpan UsedByTree(int process) =>
        TimeSpan.FromMilliseconds(((Stat(process) ?? []).Skip(UserTime).Take(4).Sum(Number) * MsPerTick) + ChildrenOf(process).Sum(Used));

    private static int[] ChildrenOf(int process) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && Stat(id) is { } fields && Number(fields[Parent]) == process),
    ];

    /// <summary>User and system time; 0 if the process has ended.</summary>
    private static double Used(int process) => (Stat(process) ?? []).Skip(UserTime).Take(2).Sum(Number) * MsPerTick;

    /// <returns>The fields of stat from the third on, since the second, in parentheses, can contain spaces; null if the process has ended.</returns>
    private static string[]? Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
