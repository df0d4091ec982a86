using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Multimodal.Pipeline.Telemetry;
using Multimodal.Pipeline.Telemetry.Prometheus;

namespace Multimodal.Benchmarks;

/// <summary>The cost of telemetry per request: without a listener, and with the listeners of <c>/metrics</c>.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks : IDisposable
{
    private readonly Guid _request = Guid.CreateVersion7(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _operation = "PostRequest";
    private readonly Meter _meter = new("benchmark");
    private Counter<long> _counter = null!;
    private MetricRegistry _registry = null!;

    [GlobalSetup]
    public void Listen()
    {
        _registry = new MetricRegistry(["benchmark"]);
        _counter = _meter.CreateCounter<long>("counted");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _registry?.Dispose();
        _meter.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool SpanNobodyListensTo()
    {
        using var span = Traces.Start("multimodal.accept", _request);
        return span is null;
    }

    [Benchmark]
    public void CounterNobodyListensTo() => PipelineMetrics.Refused(_operation, "503", "overloaded");

    [Benchmark]
    public void CounterThatIsScraped() => _counter.Add(1, new("ensemble", "digits"), new("expert", "vision-printed"), new("state", "answered"));
}
