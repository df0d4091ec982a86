using System.Globalization;

namespace Multimodal.Bench.PathBench;

/// <summary>Processor time of processes, from <c>/proc</c>.</summary>
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

    /// <summary>Milliseconds used since then, by name.</summary>
    public IReadOnlyList<(string Name, double Ms)> Read() =>
        [.. _watched.GroupBy(one => one.Name, (name, all) => (name, all.Sum(one => Used(one.Process) - one.From)))];

    /// <summary>Processor time of a process, its children that ended and its children that run.</summary>
    public static TimeSpan UsedByTree(int process)
    {
        var ticks = Stat(process).Skip(UserTime).Take(4).Sum(Number);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var child) && IsChild(child, process, out var fields))
            {
                ticks += fields.Skip(UserTime).Take(2).Sum(Number);
            }
        }

        return TimeSpan.FromMilliseconds(ticks * MsPerTick);
    }

    private static bool IsChild(int child, int parent, out string[] fields)
    {
        try
        {
            fields = Stat(child);
            return Number(fields[Parent]) == parent;
        }
        catch (IOException)
        {
            // The process has ended.
            fields = [];
            return false;
        }
    }

    private static double Used(int process) => Stat(process).Skip(UserTime).Take(2).Sum(Number) * MsPerTick;

    /// <summary>The fields of stat from the third on. Field 2, in parentheses, can contain spaces.</summary>
    private static string[] Stat(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
