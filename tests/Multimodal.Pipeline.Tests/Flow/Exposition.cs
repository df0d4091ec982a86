using System.Globalization;
using System.Text.RegularExpressions;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>
/// A strict parser of the Prometheus text format 0.0.4 and of OpenMetrics 1.0, which throws on any violation. A family must be declared
/// before its samples, be contiguous and not repeat a series. Histograms must be cumulative and complete.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    /// <summary>Type of each family, by the name that its TYPE line has.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>Help of each family, unescaped.</summary>
    public Dictionary<string, string> Help { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of a series, written as in the text with labels in alphabetical order.</summary>
    public double this[string series] => _samples.TryGetValue(series, out var value) ? value : throw new KeyNotFoundException($"No series {series}.");

    /// <summary>All series.</summary>
    public IEnumerable<string> Series => _samples.Keys;

    public static Exposition Read(string text, bool isOpenMetrics = false)
    {
        var read = new Exposition();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text[..^1].Split('\n');
        if (isOpenMetrics)
        {
            Assert.Equal("# EOF", lines[^1]);
            lines = lines[..^1];
        }

        string? family = null;
        foreach (var line in lines)
        {
            Assert.False(line.Length == 0 || line != line.Trim(), $"'{line}' is not one clean line");
            if (line.StartsWith('#'))
            {
                family = read.ReadComment(line, family, isOpenMetrics);
            }
            else
            {
                read.ReadSample(line, family ?? throw new FormatException($"'{line}' has no TYPE."), isOpenMetrics);
            }
        }

        read.CheckHistograms();
        return read;
    }

    /// <summary>The sum of all series of a name with the given labels, for example <c>("x_total", "expert=\"a\"")</c>.</summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => (sample.Key == name || sample.Key.StartsWith(name + "{", StringComparison.Ordinal))
            && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);

    private string ReadComment(string line, string? family, bool isOpenMetrics)
    {
        var match = Comment().Match(line);
        Assert.True(match.Success, $"'{line}' is not a HELP, TYPE or UNIT line");
        var (kind, name, rest) = (match.Groups["kind"].Value, match.Groups["name"].Value, match.Groups["rest"].Value);
        switch (kind)
        {
            case "HELP":
                Assert.True(HelpText().IsMatch(rest), $"the help of {name} has a bad escape");
                Assert.True(Help.TryAdd(name, Regex.Replace(rest, @"\\(.)", found => found.Groups[1].Value == "n" ? "\n" : found.Groups[1].Value)), $"{name} has two HELP lines");
                break;
            case "TYPE":
                Assert.Contains(rest, new[] { "counter", "gauge", "histogram" });
                Assert.True(Types.TryAdd(name, rest), $"{name} has two TYPE lines: its samples do not lie together");
                Assert.True(rest != "counter" || isOpenMetrics != name.EndsWith("_total", StringComparison.Ordinal), $"{name} is not the name of a counter");
                break;
            default:
                Assert.True(isOpenMetrics && name.EndsWith("_" + rest, StringComparison.Ordinal), $"'{line}' does not fit");
                Assert.Equal(family, name);
                break;
        }

        return name;
    }

    private void ReadSample(string line, string family, bool isOpenMetrics)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"'{line}' is not a sample");
        var name = match.Groups["name"].Value;
        var suffix = Types[family] switch
        {
            "counter" => isOpenMetrics ? "_total" : "",
            "histogram" => name.EndsWith("_bucket", StringComparison.Ordinal) ? "_bucket" : name.EndsWith("_sum", StringComparison.Ordinal) ? "_sum" : "_count",
            _ => "",
        };
        Assert.Equal(family + suffix, name);
        var labels = match.Groups["label"].Captures.Select(label => label.Value).ToArray();
        Assert.Equal(labels.Length, labels.Distinct(StringComparer.Ordinal).Count());
        var value = match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        Assert.True(_samples.TryAdd(line[..line.LastIndexOf(' ')], value), $"'{line}' comes twice");
    }

    private void CheckHistograms()
    {
        foreach (var family in Types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var buckets = _samples.Where(sample => sample.Key.StartsWith(family + "_bucket{", StringComparison.Ordinal))
                .Select(sample => (Others: Bound().Replace(sample.Key[(family.Length + 7)..], ""), Bound: Bound().Match(sample.Key).Groups["bound"].Value, sample.Value))
                .GroupBy(bucket => bucket.Others);
            foreach (var series in buckets)
            {
                var counts = series.Select(bucket => bucket.Value).ToArray();
                Assert.Equal(counts.Order(), counts);
                Assert.Equal("+Inf", series.Last().Bound);
                var labels = series.Key == "{}" ? "" : series.Key;
                Assert.Equal(counts[^1], this[family + "_count" + labels]);
                Assert.False(double.IsNaN(this[family + "_sum" + labels]));
            }
        }
    }

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^([^\\]|\\\\|\\n|\\"")*$")]
    private static partial Regex HelpText();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""([^\\""\n]|\\\\|\\""|\\n)*""(,(?=[a-zA-Z_]))?)+\})? (?<value>[+-]Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(,|(?<=\{))le=""(?<bound>[^""]+)""")]
    private static partial Regex Bound();
}
