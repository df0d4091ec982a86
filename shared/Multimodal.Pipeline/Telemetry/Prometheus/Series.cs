namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>One time series: the measurements with one set of labels. Thread-safe.</summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly SeriesKind _kind;
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _value;

    /// <param name="tags">The labels.</param>
    /// <param name="kind">How measurements become a value.</param>
    /// <param name="bounds">Upper bounds of the buckets in ascending order; empty if not a histogram.</param>
    public Series(KeyValuePair<string, object?>[] tags, SeriesKind kind, double[] bounds)
    {
        (Tags, _kind, _bounds) = (tags, kind, bounds);
        _counts = kind == SeriesKind.Histogram ? new long[bounds.Length + 1] : [];
    }

    /// <summary>The labels, as passed to the instrument.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The next series with the same hash, if any.</summary>
    public Series? Next { get; set; }

    /// <summary>Records a measurement.</summary>
    public void Record(double measurement)
    {
        lock (_lock)
        {
            if (_kind is SeriesKind.Gauge or SeriesKind.ObservedCounter)
            {
                _value = measurement;
                return;
            }

            _value += measurement;
            if (_kind == SeriesKind.Histogram)
            {
                _counts[Bucket(measurement)]++;
            }
        }
    }

    /// <summary>Returns the value, which is the sum for a histogram, and the count of each bucket, not cumulative.</summary>
    public (double Value, long[] Counts) Read()
    {
        lock (_lock)
        {
            return (_value, [.. _counts]);
        }
    }

    /// <summary>Whether the labels are the same, in the same order.</summary>
    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != Tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != Tags[i].Key || !Equals(tags[i].Value, Tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds the bucket. Its bound is inclusive; the last bucket counts the rest, and NaN.</summary>
    private int Bucket(double measurement)
    {
        var found = Array.BinarySearch(_bounds, measurement);
        return double.IsNaN(measurement) ? _bounds.Length : found >= 0 ? found : ~found;
    }
}
