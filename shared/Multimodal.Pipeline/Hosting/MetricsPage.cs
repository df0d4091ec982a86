using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Inference.Telemetry;
using Multimodal.Pipeline.Telemetry;
using Multimodal.Pipeline.Telemetry.Prometheus;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Writes docs/metrics.md from the instruments: their names, units, descriptions and labels are the only source.</summary>
public static class MetricsPage
{
    private const string Head = """
        # Metrics

        Made by `make docs` from the instruments in the code; a test keeps it current. Every service serves these at `/metrics` in the
        Prometheus text format (or OpenMetrics, when the scraper asks for it), beside the platform's own meters that
        `Multimodal:Telemetry:PlatformMeters` names, and exports them by OTLP under the names of the second column when
        `Multimodal:Telemetry:Otlp:Endpoint` is set. A series appears with its first measurement. Labels come from closed sets or from the
        configuration; nothing that a client sends becomes a label. `deploy/observability` holds a dashboard and alerts.

        | Prometheus name | instrument | type | labels | meaning |
        |---|---|---|---|---|

        """;

    /// <summary>The page, in Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head);
        foreach (var (instrument, family) in Families())
        {
            var labels = string.Join(", ", LabelsOf(instrument.Name).Select(label => $"`{label}`"));
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| `{Exposed(family)}` | `{instrument.Name}` | {Type(family.Kind)} | {labels} | {instrument.Description} |");
        }

        return page.ToString();
    }

    /// <summary>The names under which Prometheus knows the metrics, with the type of each; a histogram's without its suffixes.</summary>
    public static IReadOnlyDictionary<string, string> Names() =>
        Families().ToDictionary(entry => Exposed(entry.Family), entry => Type(entry.Family.Kind));

    private static List<(Instrument Instrument, MetricFamily Family)> Families()
    {
        var found = new List<(Instrument, MetricFamily)>();
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = meters.GetRequiredService<IMeterFactory>();
        _ = (new PipelineGauges(factory, meters), PipelineMetrics.Labels, InferenceMetrics.Labels);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (TelemetryServices.OwnMeters.Contains(instrument.Meter.Name) && (instrument.Meter.Scope is null || instrument.Meter.Scope == factory))
                {
                    found.Add((instrument, new MetricFamily(instrument)));
                }
            },
        };
        listener.Start();
        found.Sort((left, right) => string.CompareOrdinal(left.Item2.Name, right.Item2.Name));
        return found;
    }

    private static string Exposed(MetricFamily family) =>
        family.Kind is SeriesKind.Counter or SeriesKind.ObservedCounter ? family.Name + "_total" : family.Name;

    private static string Type(SeriesKind kind) => kind switch
    {
        SeriesKind.Counter or SeriesKind.ObservedCounter => "counter",
        SeriesKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string[] LabelsOf(string instrument) =>
        PipelineMetrics.Labels.GetValueOrDefault(instrument)
        ?? PipelineGauges.Labels.GetValueOrDefault(instrument)
        ?? InferenceMetrics.Labels.GetValueOrDefault(instrument)
        ?? throw new InvalidOperationException($"{instrument} has no declared labels.");
}
