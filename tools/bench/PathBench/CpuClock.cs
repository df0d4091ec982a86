using System.Globalization;

namespace Multimodal.Bench.PathBench;

/// <summary>Processor time of processes, from <c>/proc</c>.</summary>
internal sealed class CpuClock
{
    // USER_HZ is 100 on every Linux that .NET supports.
    private const double MsPerTick = 10;
    private readonly List<(string Name, int Process, double From)> _watched = [];

    /// <summary>Starts to measure a process.</summary>
    public void Watch(string name, int process) => _watched.Add((name, process, Used(process)));

    /// <summary>Milliseconds used since then, by name.</summary>
    public IReadOnlyList<(string Name, double Ms)> Read() =>
        [.. _watched.GroupBy(one => one.Name, (name, all) => (name, all.Sum(one => Used(one.Process) - one.From)))];

    /// <summary>User and system time: fields 14 and 15 of stat. Field 2, in parentheses, can contain spaces.</summary>
    private static double Used(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MsPerTick;
    }
}
