using System.Collections.Concurrent;
using System.Globalization;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Fuzz.Findings;

/// <summary>Counts outcomes by target and keeps findings.</summary>
/// <param name="folder">Folder of the inputs of findings.</param>
internal sealed class FuzzTally(string folder)
{
    // The first inputs of a finding are enough to find its cause.
    private const int MaxFilesPerFinding = 3;
    private const int Slowest = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Target, string Outcome), (int Count, double SlowestMs)> _counts = new();
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private readonly ConcurrentBag<FuzzFinding> _findings = [];
    private readonly ConcurrentBag<(double Ms, string Name)> _slow = [];

    /// <summary>Inputs so far.</summary>
    public int Total => _counts.Values.Sum(count => count.Count);

    /// <summary>Findings so far.</summary>
    public IReadOnlyCollection<FuzzFinding> Findings => _findings;

    /// <summary>Counts an input. One that took longer than five seconds is a finding.</summary>
    /// <param name="input">The input.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="isFinding">Whether this outcome is a finding.</param>
    public void Add(FuzzInput input, string outcome, TimeSpan elapsed, bool isFinding)
    {
        var ms = elapsed.TotalMilliseconds;
        _counts.AddOrUpdate((input.Target, outcome), _ => (1, ms), (_, old) => (old.Count + 1, Math.Max(old.SlowestMs, ms)));
        if (ms > 250)
        {
            _slow.Add((ms, string.Create(CultureInfo.InvariantCulture, $"{input.Target} {input.Number}: {outcome}")));
        }

        if (isFinding)
        {
            Find(input, $"{input.Target}: {outcome}");
        }
        else if (elapsed > Limit)
        {
            Find(input, $"{input.Target}: more than {Limit.TotalSeconds:0} s");
        }
    }

    /// <summary>Copies a log, because the folder of a run is deleted.</summary>
    /// <returns>The path of the copy.</returns>
    public string Keep(string log)
    {
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, Path.GetFileName(log));
        File.Copy(log, copy, overwrite: true);
        return copy;
    }

    /// <summary>Adds a finding that no single input causes.</summary>
    public void Find(string what) => _findings.Add(new FuzzFinding(what, null));

    /// <summary>Adds a finding with the input that causes it.</summary>
    public void Find(FuzzInput input, string what)
    {
        if (_seen.AddOrUpdate(what, 1, (_, count) => count + 1) <= MaxFilesPerFinding)
        {
            _findings.Add(new FuzzFinding(what, input.Write(folder)));
        }
    }

    /// <summary>Prints the counts, the slowest inputs and the findings.</summary>
    public void Print()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("target", "outcome").AddColumns(Terminal.Figures("inputs", "slowest ms"));
        foreach (var ((target, outcome), (count, slowest)) in _counts.OrderBy(entry => entry.Key.Target, StringComparer.Ordinal).ThenByDescending(entry => entry.Value.Count))
        {
            table.AddRow(
                Markup.Escape(target), Markup.Escape(outcome), count.ToString("N0", CultureInfo.InvariantCulture), slowest.ToString("N0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        foreach (var (ms, name) in _slow.OrderByDescending(entry => entry.Ms).Take(Slowest))
        {
            Terminal.Line($"slow: {ms:0} ms, {name}");
        }

        foreach (var finding in _findings.OrderBy(finding => finding.What, StringComparer.Ordinal))
        {
            Terminal.Line($"[red]finding: {finding.What}[/]");
            if (finding.File is not null)
            {
                Terminal.Line($"  replay: make fuzz FUZZ_INPUT={finding.File}");
            }
        }
    }
}
