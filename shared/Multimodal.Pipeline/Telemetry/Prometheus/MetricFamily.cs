using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>All series with one name. Thread-safe; finding an existing series does not allocate.</summary>
internal sealed class MetricFamily
{
    /// <summary>
    /// Maximum number of series, which bounds memory if a label has many values. Further label sets share one overflow series.
    /// </summary>
    public const int MaxSeries = 2000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel_metric_overflow", "true")];
    private readonly ConcurrentDictionary<int, Series> _series = new();
    private readonly Lock _adding = new();
    private int _count;

    public MetricFamily(Instrument instrument)
    {
        Name = PrometheusNames.Family(instrument.Name, instrument.Unit);
        Unit = PrometheusNames.Unit(instrument.Unit);
        Help = instrument.Description ?? "";
        Kind = PrometheusNames.Kind(instrument);
        Bounds = Kind == SeriesKind.Histogram ? BoundsOf(instrument) : [];
    }

    /// <summary>The name, without the suffix of a counter.</summary>
    public string Name { get; }

    /// <summary>The unit in words; may be empty.</summary>
    public string Unit { get; }

    /// <summary>The description.</summary>
    public string Help { get; }

    /// <summary>The kind of its series.</summary>
    public SeriesKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets, without infinity.</summary>
    public double[] Bounds { get; }

    /// <summary>All series.</summary>
    public IEnumerable<Series> All
    {
        get
        {
            foreach (var first in _series.Values)
            {
                for (var series = first; series is not null; series = series.Next)
                {
                    yield return series;
                }
            }
        }
    }

    /// <summary>Records a measurement.</summary>
    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Find(tags).Record(measurement);

    /// <summary>
    /// Removes all series before observable instruments are read again, so that a series without a current value disappears.
    /// </summary>
    public void Clear()
    {
        lock (_adding)
        {
            _series.Clear();
            _count = 0;
        }
    }

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = Hash(tags);
        return Find(hash, tags) ?? Add(hash, tags);
    }

    private Series? Find(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _series.GetValueOrDefault(hash);
        while (series is not null && !series.Has(tags))
        {
            series = series.Next;
        }

        return series;
    }

    private Series Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_adding)
        {
            if (Find(hash, tags) is { } known)
            {
                return known;
            }

            if (_count >= MaxSeries && !tags.SequenceEqual(Overflow))
            {
                return Find(Hash(Overflow), Overflow) ?? Add(Hash(Overflow), Overflow);
            }

            _count++;
            var series = new Series(tags.ToArray(), Kind, Bounds) { Next = _series.GetValueOrDefault(hash) };
            _series[hash] = series;
            return series;
        }
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach (var tag in tags)
        {
            hash.Add(tag.Key);
            hash.Add(tag.Value);
        }

        return hash.ToHashCode();
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };
}
