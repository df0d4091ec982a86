namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>One time series: the measurements with one set of labels. Thread-safe.</summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly SeriesKind _kind;
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _value;

    /// <param name="tags">Its labels.</param>
    /// <param name="kind">How measurements become a value.</param>
    /// <param name="bounds">Upper bounds of the buckets, rising; empty unless a histogram.</param>
    public Series(KeyValuePair<string, object?>[] tags, SeriesKind kind, double[] bounds)
    {
        (Tags, _kind, _bounds) = (tags, kind, bounds);
        _counts = kind == SeriesKind.Histogram ? new long[bounds.Length + 1] : [];
    }

    /// <summary>Its labels as the instrument was given them.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The next series with the same hash, when there is one.</summary>
    public Series? Next { get; set; }

    /// <summary>Takes a measurement.</summary>
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

    /// <summary>The value, or the sum of a histogram, and the counts of its buckets, not cumulated.</summary>
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

    /// <summary>A bucket holds what is at most its bound; the last holds the rest, and what is no number.</summary>
    private int Bucket(double measurement)
    {
        var found = Array.BinarySearch(_bounds, measurement);
        return double.IsNaN(measurement) ? _bounds.Length : found >= 0 ? found : ~found;
    }
}
