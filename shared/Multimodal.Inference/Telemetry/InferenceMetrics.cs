using System.Diagnostics.Metrics;
using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Telemetry;

/// <summary>Every instrument of the meter <c>Multimodal.Inference</c>. Tags come from closed sets: the expert and the outcome.</summary>
public static class InferenceMetrics
{
    /// <summary>The meter's name, for whoever exports it.</summary>
    public const string MeterName = "Multimodal.Inference";

    /// <summary>The labels of every instrument, by its name.</summary>
    public static IReadOnlyDictionary<string, string[]> Labels { get; } = new Dictionary<string, string[]>
    {
        ["multimodal.inference.queue.duration"] = ["expert"],
        ["multimodal.inference.preprocess.duration"] = ["expert"],
        ["multimodal.inference.run.duration"] = ["expert"],
        ["multimodal.inference.batch.size"] = ["expert"],
        ["multimodal.inference.outcomes"] = ["expert", "outcome"],
    };

    private static readonly Meter Meter = new(MeterName);

    // Geometric, from a tenth of a millisecond: the OpenTelemetry defaults begin at 5 s for seconds and show nothing here.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private static readonly Histogram<double> Queue =
        Meter.CreateHistogram("multimodal.inference.queue.duration", "s", "Time an item waits before its batch runs.", advice: Seconds);

    private static readonly Histogram<double> Preprocess =
        Meter.CreateHistogram("multimodal.inference.preprocess.duration", "s", "Decoding and preprocessing of one item.", advice: Seconds);

    private static readonly Histogram<double> Inference =
        Meter.CreateHistogram("multimodal.inference.run.duration", "s", "Model run of the batch that an item was in.", advice: Seconds);

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram(
        "multimodal.inference.batch.size",
        "{item}",
        "Items in the batch that an item was in.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    private static readonly Counter<long> Outcomes =
        Meter.CreateCounter<long>("multimodal.inference.outcomes", "{item}", "Items by what became of them: answered, or the reason of the refusal.");

    /// <summary>Counts one item.</summary>
    /// <param name="expert">The expert's name.</param>
    /// <param name="outcome"><c>answered</c>, <c>cancelled</c> or a decline reason in kebab-case.</param>
    /// <param name="timings">Where its time went, when it ran.</param>
    internal static void Record(string expert, string outcome, BatchTimings? timings)
    {
        var tag = new KeyValuePair<string, object?>("expert", expert);
        Outcomes.Add(1, tag, new("outcome", outcome));
        if (timings is { } spent)
        {
            Queue.Record(spent.Queue.TotalSeconds, tag);
            Preprocess.Record(spent.Prepare.TotalSeconds, tag);
            Inference.Record(spent.Run.TotalSeconds, tag);
            BatchSize.Record(spent.BatchSize, tag);
        }
    }
}
