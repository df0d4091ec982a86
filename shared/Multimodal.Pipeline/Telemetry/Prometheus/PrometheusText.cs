using System.Globalization;
using System.Text;

namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>
/// Writes metric families in the Prometheus text format 0.0.4 or in OpenMetrics 1.0. The formats differ in the name of a counter's
/// family, the unit line, the escaping of help texts and the last line.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Content type of the classic format.</summary>
    public const string Classic = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics.</summary>
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>Writes the document. Families without a series are omitted.</summary>
    public static string Write(IEnumerable<MetricFamily> families, bool isOpenMetrics)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            var entries = family.All.Select(series => (Labels: Labels(series.Tags), Series: series)).OrderBy(entry => entry.Labels, StringComparer.Ordinal).ToArray();
            if (entries.Length > 0)
            {
                WriteHead(text, family, isOpenMetrics);
                foreach (var (labels, series) in entries)
                {
                    WriteSeries(text, family, labels, series);
                }
            }
        }

        return text.Append(isOpenMetrics ? "# EOF\n" : "").ToString();
    }

    /// <summary>Formats a number for both formats.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void WriteHead(StringBuilder text, MetricFamily family, bool isOpenMetrics)
    {
        var isCounter = family.Kind is SeriesKind.Counter or SeriesKind.ObservedCounter;
        var name = isCounter && !isOpenMetrics ? family.Name + "_total" : family.Name;
        var type = isCounter ? "counter" : family.Kind == SeriesKind.Histogram ? "histogram" : "gauge";
        if (family.Help.Length > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Help, isOpenMetrics)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        if (isOpenMetrics && family.Unit.Length > 0)
        {
            text.Append("# UNIT ").Append(name).Append(' ').Append(family.Unit).Append('\n');
        }
    }

    private static void WriteSeries(StringBuilder text, MetricFamily family, string labels, Series series)
    {
        var (value, counts) = series.Read();
        switch (family.Kind)
        {
            case SeriesKind.Counter or SeriesKind.ObservedCounter:
                WriteSample(text, family.Name + "_total", labels, value);
                break;
            case SeriesKind.Histogram:
                long cumulated = 0;
                for (var i = 0; i < counts.Length; i++)
                {
                    cumulated += counts[i];
                    var bound = i < family.Bounds.Length ? family.Bounds[i] : double.PositiveInfinity;
                    var separator = labels.Length > 0 ? "," : "";
                    WriteSample(text, family.Name + "_bucket", $"{labels}{separator}le=\"{Bound(bound)}\"", cumulated);
                }

                WriteSample(text, family.Name + "_sum", labels, value);
                WriteSample(text, family.Name + "_count", labels, cumulated);
                break;
            default:
                WriteSample(text, family.Name, labels, value);
                break;
        }
    }

    /// <summary>
    /// Formats a bucket bound. OpenMetrics requires floats (<c>1.0</c>). Using them in both formats gives a series the same labels in both.
    /// </summary>
    private static string Bound(double bound) => double.IsInteger(bound) ? bound.ToString("0.0", CultureInfo.InvariantCulture) : Number(bound);

    private static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(
        ',',
        tags.Where(tag => tag.Value is not (null or ""))
            .Select(tag => (Name: PrometheusNames.Label(tag.Key), Value: Convert.ToString(tag.Value, CultureInfo.InvariantCulture)!))
            .OrderBy(label => label.Name, StringComparer.Ordinal)
            .Select(label => $"{label.Name}=\"{Escape(label.Value, hasQuotes: true)}\""));

    /// <summary>Escapes backslashes and line feeds, and double quotes in label values and in OpenMetrics.</summary>
    private static string Escape(string text, bool hasQuotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return hasQuotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
