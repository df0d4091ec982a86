using System.Diagnostics.Metrics;
using System.Text;

namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>
/// Converts instrument names to Prometheus names, by the rules of the OpenTelemetry specification ("Prometheus and OpenMetrics
/// Compatibility"): dots become underscores, the unit in words is appended, and counters end in <c>_total</c>.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>Returns the family's name, without the <c>_total</c> of counters as OpenMetrics requires.</summary>
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="unit">Its unit in UCUM, or null.</param>
    public static string Family(string instrument, string? unit)
    {
        var name = Clean(instrument, allowColon: true);
        if (name.EndsWith("_total", StringComparison.Ordinal))
        {
            name = name[..^6];
        }

        var word = Unit(unit);
        return word.Length == 0 || name.EndsWith("_" + word, StringComparison.Ordinal) ? name : $"{name}_{word}";
    }

    /// <summary>Returns a label's name.</summary>
    public static string Label(string tag) => Clean(tag, allowColon: false);

    /// <summary>Returns the unit in words; empty for plain numbers and for annotations such as <c>{request}</c>.</summary>
    public static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        ['{', .., '}'] => "",
        _ => Clean(unit, allowColon: false).Trim('_'),
    };

    /// <summary>Returns the kind of series that exposes an instrument.</summary>
    public static SeriesKind Kind(Instrument instrument)
    {
        var type = instrument.GetType().IsGenericType ? instrument.GetType().GetGenericTypeDefinition() : instrument.GetType();
        return type == typeof(Counter<>) ? SeriesKind.Counter
            : type == typeof(ObservableCounter<>) ? SeriesKind.ObservedCounter
            : type == typeof(Histogram<>) ? SeriesKind.Histogram
            : type == typeof(UpDownCounter<>) ? SeriesKind.UpDown
            : SeriesKind.Gauge;
    }

    private static string Clean(string name, bool allowColon)
    {
        var clean = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            var isAllowed = char.IsAsciiLetterOrDigit(character) || (allowColon && character == ':');
            if (isAllowed || clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append(isAllowed ? character : '_');
            }
        }

        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean.ToString();
    }
}
