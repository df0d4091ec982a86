namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>How measurements become a value.</summary>
internal enum SeriesKind
{
    /// <summary>The sum of the measurements; never decreases.</summary>
    Counter,

    /// <summary>The last measurement, which is a running total.</summary>
    ObservedCounter,

    /// <summary>The sum of the measurements; may decrease.</summary>
    UpDown,

    /// <summary>The last measurement.</summary>
    Gauge,

    /// <summary>The count of measurements per bucket, and their sum.</summary>
    Histogram,
}
