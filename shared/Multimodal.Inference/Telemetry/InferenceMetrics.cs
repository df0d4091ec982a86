using System.Diagnostics.Metrics;
using Multimodal.Inference.Batching;

namespace Multimodal.Inference.Telemetry;

/// <summary>The instruments of the meter <c>Multimodal.Inference</c>. Tag values come from closed sets: expert and outcome.</summary>
public static class InferenceMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Multimodal.Inference";

    /// <summary>The tags of each instrument, by the name of the instrument.</summary>
    public static IReadOnlyDictionary<string, string[]> Labels { get; } = new Dictionary<string, string[]>
    {
        ["multimodal.inference.queue.duration"] = ["expert"],
        ["multimodal.inference.preprocess.duration"] = ["expert"],
        ["multimodal.inference.run.duration"] = ["expert"],
        ["multimodal.inference.batch.size"] = ["expert"],
        ["multimodal.inference.outcomes"] = ["expert", "outcome"],
    };

    private static readonly Meter Meter = new(MeterName);

    // Geometric buckets from 0.1 ms. The default buckets of OpenTelemetry start at 5 s for this unit, too coarse for these durations.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private static readonly Histogram<double> Queue =
        CreateDuration("multimodal.inference.queue.duration", "Time that an item waits before its batch runs.");

    private static readonly Histogram<double> Preprocess =
        CreateDuration("multimodal.inference.preprocess.duration", "Time to decode and preprocess one item.");

    private static readonly Histogram<double> Inference =
        CreateDuration("multimodal.inference.run.duration", "Run time of the model on the batch that contained the item.");

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram(
        "multimodal.inference.batch.size",
        "{item}",
        "Number of items in the batch that contained the item.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    private static readonly Counter<long> Outcomes =
        Meter.CreateCounter<long>(
            "multimodal.inference.outcomes", "{item}", "Items by outcome: answered, cancelled, or the reason why the expert declined.");

    /// <summary>Records one item.</summary>
    /// <param name="expert">The expert's name.</param>
    /// <param name="outcome"><c>answered</c>, <c>cancelled</c> or a decline reason in kebab-case.</param>
    /// <param name="timings">The durations of the stages; null if the item did not run.</param>
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

    private static Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, advice: Seconds);
}
