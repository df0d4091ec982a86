using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>Listens to meters from its construction on, and keeps their measurements until they are scraped. Thread-safe.</summary>
internal sealed class MetricRegistry : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();

    /// <param name="meters">Names of the meters to listen to.</param>
    /// <param name="scope">The meter factory of this host, which excludes meters of other hosts in the process. Null includes all.</param>
    public MetricRegistry(IReadOnlyCollection<string> meters, object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var belongsToHost = scope is null || instrument.Meter.Scope is null || instrument.Meter.Scope == scope;
            if (belongsToHost && meters.Contains(instrument.Meter.Name))
            {
                var family = new MetricFamily(instrument);
                var existing = _families.GetOrAdd(family.Name, family);
                if (existing.Kind == family.Kind)
                {
                    listener.EnableMeasurementEvents(instrument, existing);
                }
            }
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Record(family, (double)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    /// <summary>Writes all metrics in the Prometheus text format.</summary>
    /// <param name="isOpenMetrics">Whether to use OpenMetrics 1.0 instead of Prometheus 0.0.4.</param>
    public string Write(bool isOpenMetrics)
    {
        lock (_scraping)
        {
            foreach (var family in _families.Values.Where(family => family.Kind is SeriesKind.Gauge or SeriesKind.ObservedCounter))
            {
                family.Clear();
            }

            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values.OrderBy(family => family.Name, StringComparer.Ordinal), isOpenMetrics);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);
}
