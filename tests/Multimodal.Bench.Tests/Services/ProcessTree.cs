using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Multimodal.Bench.Tests.Services;

/// <summary>
/// The processes that belong to a folder: those that name it in their arguments or environment, and their descendants. A daemon, whose parent is
/// no longer the process that started it, inherits the environment and is found too.
/// </summary>
internal sealed partial class ProcessTree(string folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly HashSet<(int Id, string Started)> _seen = [];

    /// <summary>The processes that run now, by name. Zombies are not counted.</summary>
    public IReadOnlyDictionary<int, string> Running()
    {
        var all = Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path))
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(Read).OfType<Entry>().Where(entry => entry.Id != Environment.ProcessId).ToList();
        var found = all.Where(entry => _seen.Contains((entry.Id, entry.Started)) || Names(entry.Id)).ToDictionary(entry => entry.Id);
        while (all.FirstOrDefault(entry => !found.ContainsKey(entry.Id) && found.ContainsKey(entry.Parent)) is { } child)
        {
            found.Add(child.Id, child);
        }

        _seen.UnionWith(found.Values.Select(entry => (entry.Id, entry.Started)));
        return found.ToDictionary(entry => entry.Key, entry => entry.Value.Name);
    }

    /// <summary>The listening TCP sockets of the running processes, as <c>ss</c> lists them.</summary>
    public IReadOnlyList<(string Process, IPEndPoint Address)> Listeners()
    {
        var running = Running();
        var start = new ProcessStartInfo("ss", ["-Hltnp"]) { RedirectStandardOutput = true };
        using var list = Process.Start(start)!;
        var lines = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.WaitForExit();
        Assert.Equal(0, list.ExitCode);
        return
        [
            .. from line in lines
               from Match owner in Owner().Matches(line)
               let id = int.Parse(owner.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
               where running.ContainsKey(id)
               select (running[id], Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])),
        ];
    }

    /// <summary>Waits until no process runs.</summary>
    /// <returns>The processes that still run after the limit.</returns>
    public async Task<IEnumerable<string>> LeftAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Running() is { Count: > 0 } left)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                return left.Values;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return [];
    }

    private static IPEndPoint Parse(string address) => IPEndPoint.Parse(address.Replace("*:", "0.0.0.0:", StringComparison.Ordinal));

    private bool Names(int id) =>
        Text(id, "environ").Contains(folder, StringComparison.Ordinal) || Text(id, "cmdline").Contains(folder, StringComparison.Ordinal);

    private static Entry? Read(string id)
    {
        // Number, name in parentheses, state, parent; the start time is field 22.
        var stat = Text(int.Parse(id, CultureInfo.InvariantCulture), "stat");
        var end = stat.LastIndexOf(')');
        if (end < 0)
        {
            return null;
        }

        var fields = stat[(end + 2)..].Split(' ');
        return fields[0] == "Z"
            ? null
            : new Entry(int.Parse(id, CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19], stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end]);
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process ended meanwhile, or belongs to another user.
            return "";
        }
    }

    [GeneratedRegex(@"pid=(\d+)")]
    private static partial Regex Owner();

    private sealed record Entry(int Id, int Parent, string Started, string Name);
}
