using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Tests.Telemetry;

public sealed class InferenceMetricsTests
{
    [Fact]
    public void Record_OneItem_FillsEveryInstrumentInItsUnit()
    {
        const string Expert = "metrics-test-only";
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == InferenceMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.ToArray().Any(tag => Equals(tag.Value, Expert)))
            {
                seen[$"{instrument.Name} {instrument.Unit} {string.Join(',', tags.ToArray().Skip(1).Select(tag => tag.Value))}".Trim()] = value;
            }
        }

        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.Start();

        InferenceMetrics.Record(
            Expert, "answered", new BatchTimings(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300), 4));

        Assert.Equal(
            [
                ("multimodal.inference.batch.size {item}", 4),
                ("multimodal.inference.outcomes {item} answered", 1),
                ("multimodal.inference.preprocess.duration s", 0.02),
                ("multimodal.inference.queue.duration s", 0.001),
                ("multimodal.inference.run.duration s", 0.3),
            ],
            seen.Select(pair => (pair.Key, pair.Value)).Order());
    }
}
