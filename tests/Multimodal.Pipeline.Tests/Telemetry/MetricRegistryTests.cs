using System.Diagnostics.Metrics;
using Multimodal.Pipeline.Telemetry.Prometheus;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Telemetry;

public sealed class MetricRegistryTests : IDisposable
{
    private readonly Meter _meter = new("metric-registry-tests-" + Guid.NewGuid());
    private readonly MetricRegistry _registry;

    public MetricRegistryTests() => _registry = new MetricRegistry([_meter.Name]);

    public void Dispose()
    {
        _registry.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Write_Counter_HasTotalUnitHelpAndEscapedLabels()
    {
        var counter = _meter.CreateCounter<long>("a.b-c", "By", "One \"line\"\nwith a back\\slash.");
        counter.Add(2, new KeyValuePair<string, object?>("path.name", "a\\b\"c\nd"), new("n", 5));
        counter.Add(3, new KeyValuePair<string, object?>("path.name", "a\\b\"c\nd"), new("n", 5));

        var text = _registry.Write(isOpenMetrics: false);

        Assert.Equal(
            "# HELP a_b_c_bytes_total One \"line\"\\nwith a back\\\\slash.\n# TYPE a_b_c_bytes_total counter\n"
            + "a_b_c_bytes_total{n=\"5\",path_name=\"a\\\\b\\\"c\\nd\"} 5\n",
            text);
        Assert.Equal("One \"line\"\nwith a back\\slash.", Exposition.Read(text).Help["a_b_c_bytes_total"]);
    }

    [Fact]
    public void Write_OpenMetrics_NamesTheFamilyWithoutTotalAndEndsWithEof()
    {
        _meter.CreateCounter<int>("jobs", "s", "Time in \"jobs\".").Add(1);

        var text = _registry.Write(isOpenMetrics: true);

        Assert.Equal(
            "# HELP jobs_seconds Time in \\\"jobs\\\".\n# TYPE jobs_seconds counter\n# UNIT jobs_seconds seconds\njobs_seconds_total 1\n# EOF\n", text);
        Exposition.Read(text, isOpenMetrics: true);
    }

    [Fact]
    public void Write_Histogram_CumulatesAndABoundBelongsToItsBucket()
    {
        var histogram = _meter.CreateHistogram("wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in new[] { 0.1, 0.5, 0.7, 1, 5, double.PositiveInfinity })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("x", "y"));
        }

        var read = Exposition.Read(_registry.Write(isOpenMetrics: false));

        Assert.Equal(
            (2, 4, 4, 6, 6, double.PositiveInfinity),
            (read["wait_seconds_bucket{x=\"y\",le=\"0.5\"}"], read["wait_seconds_bucket{x=\"y\",le=\"1.0\"}"], read["wait_seconds_bucket{x=\"y\",le=\"2.0\"}"],
                read["wait_seconds_bucket{x=\"y\",le=\"+Inf\"}"], read["wait_seconds_count{x=\"y\"}"], read["wait_seconds_sum{x=\"y\"}"]));
    }

    [Fact]
    public void Write_Gauges_ShowWhatIsThereNow()
    {
        var present = new List<Measurement<int>> { new(3, new KeyValuePair<string, object?>("e", "a")), new(4, new KeyValuePair<string, object?>("e", "b")) };
        _meter.CreateObservableGauge("level", () => present, "{item}");
        var running = _meter.CreateUpDownCounter<int>("running");
        running.Add(5);
        running.Add(-2);

        var before = Exposition.Read(_registry.Write(isOpenMetrics: false));
        present.RemoveAt(0);
        var after = Exposition.Read(_registry.Write(isOpenMetrics: false));

        Assert.Equal((3, 4, 3), (before["level{e=\"a\"}"], before["level{e=\"b\"}"], before["running"]));
        Assert.Equal(["level{e=\"b\"}", "running"], after.Series.Order());
    }

    [Fact]
    public void Record_EndlessLabelValues_ShareOneSeriesBeyondTheLimit()
    {
        var counter = _meter.CreateCounter<long>("endless");
        for (var i = 0; i < MetricFamily.MaxSeries + 50; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var read = Exposition.Read(_registry.Write(isOpenMetrics: false));

        Assert.Equal(MetricFamily.MaxSeries + 1, read.Series.Count());
        Assert.Equal(50, read["endless_total{otel_metric_overflow=\"true\"}"]);
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("hot");
        var histogram = _meter.CreateHistogram<double>("hot.time", "s");
        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(1, new("expert", "a"), new("outcome", "answered"));
                histogram.Record(0.1, new KeyValuePair<string, object?>("expert", "a"));
            }
        }

        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(10_100, Exposition.Read(_registry.Write(isOpenMetrics: false))["hot_total{expert=\"a\",outcome=\"answered\"}"]);
    }

    [Fact]
    public async Task Record_ManyThreads_CountsEveryMeasurement()
    {
        var counter = _meter.CreateCounter<long>("busy");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("k", i % 7));
            }
        })));

        Assert.Equal(40_000, Exposition.Read(_registry.Write(isOpenMetrics: false)).Sum("busy_total"));
    }
}
