using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Tests.Telemetry;

public sealed class InferenceMetricsTests
{
    [Fact]
    public void Record_OneItem_UpdatesAllInstruments()
    {
        const string Expert = "metrics-test-only";
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, current) =>
            {
                if (instrument.Meter.Name == InferenceMetrics.MeterName)
                {
                    current.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Measure(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.ToArray().Any(tag => Equals(tag.Value, Expert)))
            {
                var outcome = string.Join(',', tags.ToArray().Skip(1).Select(tag => tag.Value));
                measured[$"{instrument.Name} {instrument.Unit} {outcome}".Trim()] = value;
            }
        }

        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measure(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(instrument, value, tags));
        listener.Start();

        var timings = new BatchTimings(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300), 4);
        InferenceMetrics.Record(Expert, "answered", timings);

        Assert.Equal(
            [
                ("multimodal.inference.batch.size {item}", 4),
                ("multimodal.inference.outcomes {item} answered", 1),
                ("multimodal.inference.preprocess.duration s", 0.02),
                ("multimodal.inference.queue.duration s", 0.001),
                ("multimodal.inference.run.duration s", 0.3),
            ],
            measured.Select(pair => (pair.Key, pair.Value)).Order());
    }
}
