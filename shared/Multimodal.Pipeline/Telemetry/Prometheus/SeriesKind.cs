namespace Multimodal.Pipeline.Telemetry.Prometheus;

/// <summary>How measurements become a value.</summary>
internal enum SeriesKind
{
    /// <summary>They are added; never falls.</summary>
    Counter,

    /// <summary>The last is the total so far.</summary>
    ObservedCounter,

    /// <summary>They are added; may fall.</summary>
    UpDown,

    /// <summary>The last counts.</summary>
    Gauge,

    /// <summary>They are sorted into buckets.</summary>
    Histogram,
}
